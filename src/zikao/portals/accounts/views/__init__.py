"""What the administrators and everybody see of accounts."""
