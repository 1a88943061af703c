"""How long things are kept, what holds them longer, and the one way to destroy."""
