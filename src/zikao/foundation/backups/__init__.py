"""What is known of the node's backups and restore drills; the machinery is the node's."""
