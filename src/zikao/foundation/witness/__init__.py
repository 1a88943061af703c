"""Checkpoints cosigned by another node, and a node that shows two histories found."""
