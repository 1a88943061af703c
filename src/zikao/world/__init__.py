"""Makes a province and lives a whole cycle in it, only by commands."""
