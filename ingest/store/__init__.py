"""Every table and every statement: the only user of SQLAlchemy. The rest sees functions named for what they do."""
