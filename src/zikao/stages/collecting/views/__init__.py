"""Pages of rounds, their workers, and the places where scores are collected and processed."""
