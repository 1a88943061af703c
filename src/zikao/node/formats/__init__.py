"""How dates are written into and read from fields, by language."""
