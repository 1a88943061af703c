"""`python -m zikao.foundation.jobs worker|caretaker`: the node's two background processes."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def main(argv: list[str]) -> int:
    """Run one of the two until stopped."""
    django.setup()
    match argv:
        case ["worker"]:
            call_command("procrastinate", "worker", "--concurrency=1", "--delete-jobs=never")
        case ["caretaker"]:
            from zikao.foundation.jobs.caretaker import keep_house

            keep_house()
        case _:
            print("usage: python -m zikao.foundation.jobs worker|caretaker", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
