"""First floor: the life cycle, in its order."""
