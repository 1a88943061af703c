"""Pages of exam staff."""
