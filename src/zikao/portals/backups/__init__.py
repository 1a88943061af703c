"""Pages of backups: what lies where, how old it is, whether it was proved to restore, and who holds the keys."""
