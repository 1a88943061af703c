"""Pages of papers: boxes and their journey, hand-overs, printed sheets."""
