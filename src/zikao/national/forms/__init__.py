"""The shapes of what the centre fills in."""
