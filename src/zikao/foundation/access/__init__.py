"""Who signs in, and in which post: accounts, appointments, lock-out."""
