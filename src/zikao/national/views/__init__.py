"""Pages of the national centre."""
