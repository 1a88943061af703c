"""Pages of backups, drills and custodies."""
