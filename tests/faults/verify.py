"""Sequences what is left, signs a checkpoint and verifies the whole ledger of the node."""

from __future__ import annotations

import sys

import django


def main() -> int:
    """0 when everything holds."""
    django.setup()
    from zikao.foundation import clock, ledger
    from zikao.foundation.ledger.verify import report, verify_own_ledger

    while ledger.sequence():
        pass
    ledger.checkpoint(at=clock.now())
    result = verify_own_ledger()
    print(report(result))
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
