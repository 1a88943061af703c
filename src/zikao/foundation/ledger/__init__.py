"""The append-only log: one line a command, an SM3 Merkle tree, signed checkpoints."""
