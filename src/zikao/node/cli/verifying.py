"""`./zikao verify ...`: checks that anyone can repeat."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

VERIFIERS = {
    "ledger": ("zikao.foundation.ledger.verify", "账本：有没有一行被改、删、插或调换"),
    "seating": ("zikao.stages.seating.verify", "座位编排：按公开的种子重算一遍"),
    "certificate": ("zikao.stages.registry.verify", "毕业证书：是否与注册信息相符"),
}


def add_to(groups: Any) -> None:
    """Add the group; each verifier reads its own arguments."""
    verify = groups.add_parser("verify", help="核验账本、座位编排、证书")
    kinds = verify.add_subparsers(title="核验对象", metavar="对象", required=True)
    for name, (module, meaning) in VERIFIERS.items():
        kind = kinds.add_parser(name, help=meaning, add_help=False)
        kind.set_defaults(run=_verify, takes_rest=True, module=module)


def _verify(options: argparse.Namespace) -> int:
    return int(import_module(options.module).main(options.rest) or 0)
