"""The one password of all demonstration accounts; it is printed with them and stands for no secret."""

PASSWORD = "Zikao-demo-2026"  # noqa: S105
