"""How passwords are hashed: argon2id, with the work factors of OWASP's first recommendation."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: about 20 ms a sign-in on one core."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
