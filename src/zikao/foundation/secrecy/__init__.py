"""Secrecy classes, and showing in full what is kept encrypted: who may, why, and a line for each time."""
