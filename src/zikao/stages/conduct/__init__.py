"""考试实施: attendance, room records."""
