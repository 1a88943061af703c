"""Settings, urls, embedded PostgreSQL, command line."""
