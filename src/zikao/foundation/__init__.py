"""Ground floor: knows nothing of exams."""
