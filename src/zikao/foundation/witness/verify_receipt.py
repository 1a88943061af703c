"""`./zikao verify receipt`: a receipt or a paper's code checked with public keys alone: no database, no network."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from zikao.foundation.ledger.checking import Verdict, check_promise, check_receipt
from zikao.foundation.ledger.keybook import KeyBook, read_keybook
from zikao.foundation.ledger.promises import decode_promise
from zikao.foundation.ledger.receipts import PREFIX, decode_receipt

USAGE = """usage: zikao verify receipt FILE|TEXT --keys FILE [--printed NAME=VALUE]... [--json]

The keys are those of the page of public keys (公开账本 · 公钥), kept from an earlier day or from another place.
"""


def check_text(text: str, keys: KeyBook, printed: dict[str, str] | None = None) -> Verdict:
    """The verdict on a receipt's or a paper's code as text. Raises BadInput where it is neither."""
    if text.strip().startswith(PREFIX):
        return check_receipt(decode_receipt(text), keys)
    return check_promise(decode_promise(text), keys, printed)


def main(args: Sequence[str]) -> int:
    """0 when it holds, 1 when not, 2 on wrong usage."""
    rest, texts, printed, keys, as_json = list(args), [], {}, None, False
    while rest:
        option = rest.pop(0)
        if option == "--json":
            as_json = True
        elif option == "--keys" and rest:
            keys = Path(rest.pop(0))
        elif option == "--printed" and rest and "=" in rest[0]:
            name, _, value = rest.pop(0).partition("=")
            printed[name] = value
        elif not option.startswith("--"):
            texts.append(option)
        else:
            texts = []
            break
    if len(texts) != 1 or keys is None:
        sys.stderr.write(USAGE)
        return 2
    verdict = check_text(_text(texts[0]), read_keybook(keys), printed)
    print(_json(verdict) if as_json else _report(verdict))
    return 0 if verdict.holds else 1


def _text(given: str) -> str:
    if given.startswith(PREFIX) or len(given) > 500 or not Path(given).is_file():
        return given
    return Path(given).read_text()


def _json(verdict: Verdict) -> str:
    return json.dumps(
        {
            "holds": verdict.holds,
            "strength": verdict.strength,
            "origin": verdict.origin,
            "steps": [asdict(step) for step in verdict.steps],
            "line": {name: str(value) for name, value in verdict.line.items()},
        },
        ensure_ascii=False,
    )


def _report(verdict: Verdict) -> str:
    said = [f"{'√' if step.holds else '×'} {step.name}：{step.sentence}" for step in verdict.steps]
    if verdict.line:
        line = verdict.line
        said.append(
            f"这一行：{line['at']:%Y-%m-%d %H:%M:%S} UTC　{line['command']}　{line['subject']}　{line['facts']}"
        )
    return "\n".join([*said, verdict.sentence])
