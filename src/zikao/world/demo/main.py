"""Runs the demonstration: prepare, serve, live, check, tell; recovers from a run that was cut off."""

from __future__ import annotations

import fcntl
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from zikao.node.nodes import Node, data_home, forget_everything
from zikao.node.supervisor import Supervisor
from zikao.node.trouble import NodeTrouble
from zikao.world import calendar
from zikao.world.demo import nation
from zikao.world.demo.options import read_options
from zikao.world.demo.state import DemoState
from zikao.world.demo.summary import NAMES, tell, tell_addresses, write_accounts
from zikao.world.demo.verdict import judge

PROVINCES = nation.CODES[1:]
CENTRE = nation.CODES[0]
FIRST_LETTERS = "issue"
"""The phase in which nodes begin to write to each other: until then their services may still be starting."""


def main(arguments: Sequence[str]) -> int:
    """The command: 0 when everything was lived and adds up, 1 when something does not."""
    options = read_options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    home = data_home()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("a") as lock:
        _only_one(lock, home)
        state = _begin(home, options, console)
        with ExitStack() as stack:
            prepared = nation.prepare_nation(home, say=lambda text: console.print(f"[dim]{text}[/]"))
            nation.move_clocks(prepared, calendar.SET_UP if not state.is_whole else calendar.END)
            children = nation.services(prepared, state.ports, home / "log")
            group = stack.enter_context(Supervisor(children, lambda text: console.print(f"[dim]{text}[/]")))
            if not state.is_whole:
                _live(home, prepared, state, console)
            nation.wait_for_all(state.ports)
            return _end(prepared, state, group, console, serve=not options.no_serve)


def _only_one(lock: Any, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        state = DemoState.load(home)
        where = "、".join(f"http://127.0.0.1:{port}/" for port in (state.ports if state else {}).values())
        raise NodeTrouble(
            "demo-running",
            message=f"演示已经在运行{f'：{where}' if where else '。'}",
            remedy="请直接打开以上地址，或先停止正在运行的演示（Ctrl-C）。",
        ) from None


def _begin(home: Path, options: Any, console: Console) -> DemoState:
    """The state to go on from: a whole one is kept, a half one is begun anew."""
    state = DemoState.load(home)
    if options.fresh or (state is not None and not state.is_whole):
        if state is not None and not options.fresh:
            console.print("[yellow]上一次演示在中途停止，数据不完整；现在从头重新开始。[/]")
        forget_everything(home)
        state = None
    if state is not None:
        state.ports = nation.choose_ports(state.ports)
        console.print(f"沿用上次的演示数据（{state.candidates:,} 名考生）。要重新开始，请加 --fresh。")
        return state
    forget_everything(home)
    state = DemoState(options.candidates, options.seed, nation.choose_ports())
    state.save(home)
    return state


def _live(home: Path, prepared: dict[str, Node], state: DemoState, console: Console) -> None:
    started = time.monotonic()
    shares = {CENTRE: 0, PROVINCES[0]: state.candidates - state.candidates // 2, PROVINCES[1]: state.candidates // 2}
    living = [
        nation.Living.start(
            node, candidates=shares[code], seed=state.seed, log=home / "log" / f"living-{code.replace(':', '-')}.log"
        )
        for code, node in prepared.items()
    ]
    try:
        facts = _peers(living, state.ports)
        refused = _through(home, prepared, living, state, facts, console)
        nation.move_clocks(prepared, calendar.END)
        answers = nation.ask_together(living, {each.code: {"accounts": True} for each in living}, lambda *_: None)
    finally:
        for each in living:
            each.stop()
    seconds = time.monotonic() - started
    state.summary = judge({code: answers[code] for code in nation.CODES}, refused, facts, seconds)
    state.is_whole = True
    state.save(home)
    for code, node in prepared.items():
        write_accounts(node.home, code, state.summary["visitors"])


def _through(
    home: Path,
    prepared: dict[str, Node],
    living: list[nation.Living],
    state: DemoState,
    facts: dict[str, Any],
    console: Console,
) -> dict[str, Any]:
    """Live every phase in order; what one node says, the others are told. Returns what each node saw refused."""
    from zikao.world.life.phase_list import PHASE_LIST

    refused: dict[str, Any] = {}
    with _bars(console) as bars:
        whole = bars.add_task("整个周期", total=len(PHASE_LIST))
        for phase in PHASE_LIST:
            begun = time.monotonic()
            if phase.name == FIRST_LETTERS:
                nation.wait_for_all(state.ports)
            nation.move_clocks(prepared, phase.at)
            orders = {
                code: {"phase": phase.name, "facts": {**facts, "self": code}}
                for code in phase.lived_by(PROVINCES, CENTRE)
            }
            answers = nation.ask_together(living, orders, _shower(bars, phase.label))
            for code, answer in answers.items():
                facts.update({key: value for key, value in answer.items() if isinstance(value, str)})
                refused.setdefault(code, {}).update({k: v for k, v in answer.items() if isinstance(v, int)})
            bars.advance(whole)
            state.lived[phase.name] = round(time.monotonic() - begun, 2)
            state.save(home)
    return refused


def _peers(living: list[nation.Living], ports: dict[str, int]) -> dict[str, Any]:
    keys = nation.ask_together(living, {each.code: {"keys": True} for each in living}, lambda *_: None)
    return {"peers": [{"code": code, "url": f"http://127.0.0.1:{ports[code]}", **keys[code]} for code in nation.CODES]}


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=False,
        refresh_per_second=4,
    )


def _shower(bars: Progress, label: str) -> nation.Progress:
    tasks: dict[tuple[str, str], TaskID] = {}

    def show(code: str, what: str, done: int, total: int) -> None:
        key = (code, what)
        if key not in tasks:
            tasks[key] = bars.add_task(f"{NAMES[code]}　{what}", total=max(total, 1))
        bars.update(tasks[key], completed=done if total else 1, total=max(total, 1))
        if done >= total:
            bars.remove_task(tasks.pop(key))

    return show


def _end(prepared: dict[str, Node], state: DemoState, group: Supervisor, console: Console, *, serve: bool) -> int:
    tell(console, state.summary, state.ports)
    if serve:
        tell_addresses(console, state.ports, state.summary["visitors"])
        console.print("正在提供服务，按 Ctrl-C 停止。")
        group.run()
        console.print("演示已停止；再次运行 ./zikao demo 会沿用这些数据。")
    return 0 if state.summary["holds"] else 1
