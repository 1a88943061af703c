"""What is seen of the draw: pages and printed papers."""
