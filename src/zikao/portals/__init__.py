"""Doors: public, candidate, staff; shell, navigation, components."""
