"""Pages of keys, secret matters, and who saw what."""
