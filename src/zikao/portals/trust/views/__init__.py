"""Pages of trust."""
