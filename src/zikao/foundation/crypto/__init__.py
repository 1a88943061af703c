"""SM2, SM3, SM4 and the node's keys."""
