"""Values in, typed statements out: rights, donors, sources, dates and languages. Vocabularies are data files."""
