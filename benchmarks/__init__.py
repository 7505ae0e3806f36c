"""How fast the product is, how much it takes, and beside what: ``make bench`` and ``make benchmark-normalise``."""
