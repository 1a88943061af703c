"""`python -m zikao.node.backing_up.now backup [KIND] | drill [CUSTODY]`: one backup or drill, answered as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(args: Sequence[str]) -> int:
    """Do it for the node of this environment, and print one line of JSON."""
    import django

    django.setup()
    from zikao.foundation.errors import ZikaoError
    from zikao.node.backing_up.source import inner_node, source_of

    what, which = (*args, "", "")[:2]
    try:
        source = source_of(inner_node(os.environ["ZIKAO_NODE"], Path(os.environ["ZIKAO_NODE_HOME"])))
        if what == "drill":
            from zikao.node.backing_up.drilled import run_drill

            drill = run_drill(source, custody=which, say=lambda said: None)
            held = sum(1 for each in drill.findings if each["holds"])
            said = {"held": held, "failed": len(drill.findings) - held}
        else:
            from zikao.node.backing_up.keeping import back_up

            part = back_up(source, kind=which, say=lambda said: None).manifest
            said = {"bytes": part.plain_bytes, "objects": len(part.pieces)}
    except ZikaoError as error:
        print(json.dumps({"error": error.message, "code": error.code, "remedy": error.remedy}))
        return 1
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
