"""Reads the arguments and calls the command. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import psycopg
from django.db import DatabaseError

from zikao.foundation.errors import ZikaoError
from zikao.node.cli import developing, exporting, importing, law, running, verifying, world
from zikao.node.postgres import leave_clusters


def main(arguments: Sequence[str]) -> int:
    """Run one command; expected failures are told in words, with what to do now."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and not getattr(options, "takes_rest", False):
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options))
    except ZikaoError as error:
        sys.stderr.write(f"{error.message}\n{error.remedy}\n")
        return 1
    except (psycopg.Error, DatabaseError) as error:
        sys.stderr.write(f"数据库出错：{str(error).strip()}\n请先运行 ./zikao node init；仍不成功时查看数据库日志。\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断。\n")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    finally:
        leave_clusters()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zikao", description="自考：高等教育自学考试考务与考籍管理。", allow_abbrev=False
    )
    groups = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for module in (world, running, law, verifying, exporting, importing, developing):
        module.add_to(groups)
    return parser
