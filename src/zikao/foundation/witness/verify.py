"""`./zikao verify ledger`: our own ledger with what witnesses cosigned, or an exported file with nothing but itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from zikao.foundation.ledger import verify
from zikao.foundation.ledger.audit import Problem
from zikao.foundation.ledger.notes import cosignature_text

USAGE = """usage: zikao verify ledger [--json] [--checkpoint FILE]...
       zikao verify ledger --export FILE --keys FILE [--checkpoint FILE]... [--json]
"""


def verify_own(kept_notes: Sequence[str] = ()) -> tuple[verify.Result, int]:
    """Verify our ledger, also against every note that a witness cosigned; returns the result and how many those are."""
    from zikao.foundation.witness.keys import keybook
    from zikao.foundation.witness.models import Cosigned

    keys, problems = keybook(), []
    rows = list(Cosigned.objects.all())
    for row in rows:
        text = cosignature_text(
            note=row.note, witness=row.witness, cosigned_at=row.cosigned_at, key_id=row.key_id
        ).encode()
        if keys.why_not(row.witness, row.key_id, row.cosigned_at, text, bytes(row.signature)):
            problems.append(Problem("cosignature", detail=f"{row.tree_size}"))
    result = verify.verify_own_ledger([*kept_notes, *(row.note for row in rows)])
    result.problems += problems
    return result, len(rows)


def main(args: Sequence[str]) -> int:
    """0 when all holds, 1 when not, 2 on wrong usage."""
    rest, notes, given, as_json = list(args), [], {}, False
    while rest:
        option = rest.pop(0)
        if option == "--json":
            as_json = True
        elif option in ("--checkpoint", "--export", "--keys") and rest and Path(rest[0]).is_file():
            path = Path(rest.pop(0))
            notes += [path.read_text().split("\n\n")[0].rstrip("\n") + "\n"] if option == "--checkpoint" else []
            given[option] = path
        else:
            sys.stderr.write(USAGE)
            return 2
    if ("--export" in given) != ("--keys" in given):
        sys.stderr.write(USAGE)
        return 2
    result = _exported(given, notes) if "--export" in given else verify_own(notes)[0]
    plain = asdict(result) | {"holds": result.holds}
    print(json.dumps(plain, ensure_ascii=False) if as_json else verify.report(result))
    return 0 if result.holds else 1


def _exported(given: dict[str, Path], notes: Sequence[str]) -> verify.Result:
    from zikao.foundation.ledger.keybook import read_keybook
    from zikao.foundation.ledger.offline import verify_export

    return verify_export(given["--export"], read_keybook(given["--keys"]), kept_notes=notes)
