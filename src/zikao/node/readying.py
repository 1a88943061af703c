"""`python -m zikao.node.readying [migrate]`: what a node's database and static files need before it is served.

One process for both, because starting Django takes longer than copying the files does.
"""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def main(wanted: list[str]) -> int:
    """Run the migrations where that is asked for (as the owner, whom the environment names), then gather the files."""
    django.setup()
    if "migrate" in wanted:
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
