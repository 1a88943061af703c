"""One cycle of the examinations, phase by phase, lived only by commands."""
