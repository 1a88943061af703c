"""Pages of approvals: what waits for my signature, what I proposed, one approval with its chain, its paper."""
