"""What the doors show."""
