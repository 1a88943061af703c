"""The one password of all demonstration accounts; it is printed with them and stands for no secret."""

PASSWORD = "Zikao-demo-2026"  # noqa: S105
INITIAL_PASSWORD = "Zikao-first-day-2026"  # noqa: S105
"""What the administrators set; everybody changes it on their first day, before anyone could sign in with it."""
