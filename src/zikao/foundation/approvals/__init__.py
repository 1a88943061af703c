"""Sign-off chains: who signs, in which order, how many, all distinct."""
