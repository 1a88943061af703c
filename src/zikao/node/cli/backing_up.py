"""`./zikao node backup, restore, backups, drill, custody, keys …`: the node's backups on the command line."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zikao.node.trouble import NodeTrouble

if TYPE_CHECKING:
    from zikao.node.backing_up.source import Source

CUSTODIES = ("business", "discipline", "keys")


def add_to(parts: Any) -> None:
    """Add the commands to the group `node`."""
    backup = parts.add_parser("backup", help="立即备份到两方保管处（默认按周期决定全量或增量）")
    which = backup.add_mutually_exclusive_group()
    which.add_argument("--full", dest="kind", action="store_const", const="full", default="", help="全量")
    which.add_argument("--incremental", dest="kind", action="store_const", const="incremental", help="增量")
    backup.add_argument("--accept-gap", action="store_true", help="保管处与账本不一致，查明后另起一套")
    backup.add_argument("--to", metavar="地址", help="另把业务部门的一套（密文）复制到这里，如带走的移动硬盘")
    backup.set_defaults(run=_backup)
    restore = parts.add_parser("restore", help="从任一方的副本恢复到一个空目录")
    restore.add_argument("--from", dest="source", required=True, metavar="地址", help="该方存放处的目录或 URL")
    restore.add_argument("--to", required=True, type=Path, metavar="目录", help="空目录，恢复后作为 ZIKAO_HOME")
    restore.add_argument("--until", type=_instant, metavar="时刻", help="恢复到这一时刻，如 2026-11-23T09:30:00+08:00")
    restore.add_argument("--key", required=True, type=Path, metavar="文件", help="该方保管人的私钥")
    restore.add_argument("--generation", metavar="套", help="指定某一套备份（见 node backups）")
    restore.add_argument("--keys", type=Path, metavar="文件", help="密钥托管文件，或节点 keys 目录的副本")
    restore.add_argument("--keys-key", type=Path, metavar="文件", help="打开密钥托管文件的私钥")
    restore.set_defaults(run=_restore)
    listed = parts.add_parser("backups", help="列出备份与演练")
    listed.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
    listed.set_defaults(run=_backups)
    drill = parts.add_parser("drill", help="恢复演练：把最新备份恢复到临时处核对后删除")
    drill.add_argument("--custody", choices=CUSTODIES[:2], default="", help="用哪一方的副本，默认轮流")
    drill.add_argument("--key", type=Path, metavar="文件", help="用保管人的私钥开启；默认用本机演练密钥")
    drill.add_argument("--report", type=Path, metavar="文件", help="另存演练报告（PDF）")
    drill.set_defaults(run=_drill)
    declare = parts.add_parser("declare-restored", help="声明本节点由备份恢复，之后才能提供服务")
    declare.add_argument("--reason", required=True, help="为何恢复、由谁批准")
    declare.set_defaults(run=_declare)
    sequences = parts.add_parser("sequences", help="与各节点往来消息的序号；恢复后逐一核对")
    sequences.add_argument("--json", action="store_true", help="只输出一个 JSON 值，交给对方核对")
    sequences.add_argument("--compare", nargs="*", type=Path, default=[], metavar="文件", help="对方给出的 JSON")
    sequences.set_defaults(run=_sequences)
    _add_custody(parts)
    _add_escrow(parts)


def _add_custody(parts: Any) -> None:
    custody = parts.add_parser("custody", help="备份保管方：生成密钥、设定存放处").add_subparsers(required=True)
    init = custody.add_parser("init", help="生成一对密钥：私钥写入文件由保管人带走，公钥登记在本节点")
    init.add_argument("custody", choices=CUSTODIES, help="business 业务部门，discipline 纪检监察部门，keys 密钥托管")
    init.add_argument("--holder", required=True, metavar="姓名", help="保管人")
    init.add_argument("--unit", required=True, metavar="单位", help="保管单位")
    init.add_argument("--out", required=True, type=Path, metavar="文件", help="私钥写到这里（如移动存储）")
    init.set_defaults(run=_custody_init)
    keygen = custody.add_parser("keygen", help="只生成一对密钥，公钥在页面上登记或交接")
    keygen.add_argument("--out", required=True, type=Path, metavar="文件", help="私钥写到这里")
    keygen.set_defaults(run=_keygen)
    place = custody.add_parser("place", help="设定存放处：目录，或 s3://桶/前缀")
    place.add_argument("custody", choices=CUSTODIES[:2])
    place.add_argument("url", metavar="地址")
    place.add_argument("--off-site", action="store_true", help="在另一地点")
    place.set_defaults(run=_custody_place)


def _add_escrow(parts: Any) -> None:
    escrow = parts.add_parser("escrow", help="把本节点密钥封给密钥托管方，写成一个文件另行保存")
    escrow.add_argument("--out", required=True, type=Path, metavar="文件")
    escrow.set_defaults(run=_escrow)


def _instant(text: str) -> datetime:
    from zikao.foundation.clock import LOCAL

    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=LOCAL)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _source() -> Source:
    from zikao.node.nodes import existing_node, node_code

    node = existing_node(node_code(), say=_tell)
    node.enter()
    from zikao.node.backing_up.source import source_of

    return source_of(node)


def _backup(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.foundation.backups.states import Kind
    from zikao.node.backing_up.keeping import back_up

    part = back_up(source, kind=options.kind, accept_gap=options.accept_gap, say=_tell).manifest
    sizes = "，".join(f"{custody} {part.sealed_bytes(custody) / 2**20:,.1f} MB" for custody in part.keys)
    print(f"{Kind(part.kind).label}备份完成：{part.path}，原始 {part.plain_bytes / 2**20:,.1f} MB；密文 {sizes}")
    print(f"清单摘要（SM3）{part.digest}")
    if options.to:
        from zikao.node.backing_up.copying import copy_newest
        from zikao.node.backing_up.keeping import target_of
        from zikao.node.backing_up.targets import open_target

        count = copy_newest(open_target(target_of("business")), open_target(options.to, make=True), source.node.code)
        print(f"另复制 {count} 个对象到 {options.to}，可由业务部门保管人的私钥恢复。")
    return 0


def _restore(options: argparse.Namespace) -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zikao.node.settings")
    django.setup()
    from zikao.node.backing_up.bringing import bring_back

    for line in bring_back(
        options.source,
        options.to,
        key=options.key,
        until=options.until,
        generation=options.generation,
        keys=options.keys,
        keys_key=options.keys_key,
        say=_tell,
    ):
        print(line)
    return 0


def _backups(options: argparse.Namespace) -> int:
    _source()
    from zikao.node.backing_up.listing import backup_lines, listed

    if options.json:
        sys.stdout.write(json.dumps(listed(), ensure_ascii=False) + "\n")
    else:
        print("\n".join(backup_lines()))
    return 0


def _drill(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.foundation import storage
    from zikao.node.backing_up.drilled import read_key, run_drill

    key = read_key(options.key) if options.key else None
    drill = run_drill(source, custody=options.custody, private_key=key, say=_tell)
    for each in drill.findings:
        print(f"{'通过' if each['holds'] else '未通过'}  {each['name']}：{each['seen']}")
    print(f"演练{drill.get_outcome_display()}，用时 {(drill.ended_at - drill.began_at).total_seconds():.1f} 秒。")
    if options.report:
        options.report.write_bytes(storage.get(drill.report))
    return 0 if drill.outcome == "passed" else 1


def _declare(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.node.backing_up.bringing import declare

    for line in declare(source.node.home, options.reason):
        print(line)
    return 0


def _sequences(options: argparse.Namespace) -> int:
    source = _source()
    from dataclasses import asdict

    from zikao.node.backing_up.sequences import Known, compare, known_sequences

    known = known_sequences()
    if options.json:
        whole = {"node": source.node.code, "peers": [asdict(each) for each in known]}
        sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
        return 0
    theirs = {}
    for path in options.compare:
        said = json.loads(path.read_text())
        theirs[said["node"]] = [Known(each["peer"], each["sent"], each["received"], ()) for each in said["peers"]]
    for each in known:
        print(f"{each.peer}：发到第 {each.sent} 号，收到第 {each.received} 号")
    differences = list(compare(source.node.code, known, theirs)) if theirs else []
    print("\n".join(differences))
    return 1 if differences else 0


def _custody_init(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.foundation import clock
    from zikao.foundation.actors import node_actor
    from zikao.foundation.backups.commands import register_custody_key

    public = _write_pair(options.out)
    receipt = register_custody_key(
        custody=options.custody,
        public_key=public,
        holder_name=options.holder,
        holder_unit=options.unit,
        by=node_actor(source.node.agency_code),
        at=clock.now(),
    )
    key = receipt.value
    assert key is not None
    print(f"{key.get_custody_display()}的公钥 {key.key_id} 已登记。")
    print(f"私钥在 {options.out}，本机没有另存：请由 {options.holder} 当场取走，并抄录密钥编号。")
    print("私钥丢失后，该方已有的备份不能开启。")
    return 0


def _keygen(options: argparse.Namespace) -> int:
    sys.stdout.write(_write_pair(options.out))
    return 0


def _write_pair(out: Path) -> str:
    from zikao.foundation.crypto import new_envelope_key
    from zikao.node.files import write_private

    if out.exists():
        raise NodeTrouble("file-exists", message=f"{out} 已经存在。", remedy="请另取文件名，已有的私钥不要覆盖。")
    private, public = new_envelope_key()
    write_private(out, private.decode())
    return public.decode()


def _custody_place(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.foundation import clock
    from zikao.foundation.actors import node_actor
    from zikao.foundation.backups.commands import set_destination
    from zikao.node.backing_up.targets import open_target

    url = open_target(options.url, make=True).url
    by = node_actor(source.node.agency_code)
    set_destination(custody=options.custody, url=url, is_off_site=options.off_site, by=by, at=clock.now())
    print(f"今后的备份写到 {url}；请随后执行一次 ./zikao node backup --full。")
    return 0


def _escrow(options: argparse.Namespace) -> int:
    source = _source()
    from zikao.node.backing_up.escrow import seal_keys

    names = seal_keys(source.node.home, options.out)
    print(f"{len(names)} 把密钥已封入 {options.out}，请与备份分开保存。密钥轮换后须重新托管。")
    return 0
