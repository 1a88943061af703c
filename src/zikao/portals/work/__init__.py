"""Pages of long work: a bar with counts that can be left and found again."""
