"""双创: year-end party-building reports for Chinese colleges, every sentence traced to its source."""

__version__ = "0.1.0"
