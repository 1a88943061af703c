"""Zikao: the self-taught higher-education examinations, whole and checkable."""
