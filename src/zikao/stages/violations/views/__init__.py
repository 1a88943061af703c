"""Pages of violations: the cases, one of them, a candidate's own, and the papers that are delivered."""
