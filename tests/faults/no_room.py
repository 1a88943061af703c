"""Registers one person in a process that may not write a byte to any file."""

from __future__ import annotations

import resource
import signal
import sys

import django


def main() -> None:
    """Says "refused" where the command ends in an error."""
    django.setup()
    from tests.faults.writer import AT, applicants
    from zikao.foundation.actors import Actor, Post
    from zikao.stages.candidates.commands import register_candidate

    person = next(applicants("0-no-room"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        register_candidate(
            applicant=person,
            county_code="320101",
            sitting_code="2026-10",
            rules_accepted=True,
            by=Actor("考务员", Post.PROVINCE_CLERK, "32"),
            at=AT,
        )
    except OSError:
        sys.stdout.write("refused\n")


if __name__ == "__main__":
    main()
