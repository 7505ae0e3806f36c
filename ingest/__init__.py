"""Everything about records: harvest, describe, keep. Knows no queue."""
