"""Pages of accounts and appointments: for the three administrators, and everybody's own account."""
