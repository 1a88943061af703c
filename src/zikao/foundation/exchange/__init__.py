"""Signed messages between nodes: outbox, inbox, exactly-once effect."""
