"""Pages for the administrators."""
