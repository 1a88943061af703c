"""Exports: with a purpose, approved where the law wants it, numbered, marked, collected, traced.

A list becomes exportable where it is built (`pages.exportable`); the pages are the portals' room of the same name.
"""
