"""Card reading beside the decoding of the pictures alone, two processes beside one, and silent misreads."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import cv2
import numpy as np
import simplejpeg

from bench import Line, best_of
from zikao.stages.marking.cards.comparing import Compared, compared
from zikao.stages.marking.cards.judging import DOUBTFUL
from zikao.stages.marking.cards.layout import CardLayout, card_layout
from zikao.stages.marking.cards.readers import first_reader, second_reader
from zikao.stages.marking.cards.reading import CardReader
from zikao.world.scans import CAREFUL, CARELESS, USUAL, Filled, Flaws, Scanner, printed_blank

CARDS, ITEMS, ROUNDS, REPEATS = 200, 60, 5, 6
MISREAD_CARDS = 1200
WORST = Flaws(rotation_degrees=3, upside_down=0.3, noise=9)
Scans = list[tuple[str, bytes]]


def bench() -> list[Line]:
    """Reading against decoding on one core, two processes against one, and the misreads of careless hands."""
    cv2.setNumThreads(1)
    layout = card_layout(ITEMS)
    scans = _scans(layout, CARDS)
    lines = [
        _against_decoding(layout, scans, first_reader(layout)),
        _against_decoding(layout, scans, second_reader(layout)),
    ]
    return [*lines, _processes(scans), _misreads(layout)]


def _scans(layout: CardLayout, count: int) -> Scans:
    rng = np.random.default_rng(7)
    scanner = Scanner(layout, printed_blank(layout))
    habits, flaws = (CAREFUL, USUAL, CARELESS), (Flaws(), WORST)
    made = []
    for seed in range(count):
        answers = "".join(rng.choice(list("ABCD-"), ITEMS, p=[0.24, 0.24, 0.24, 0.24, 0.04]))
        filled = Filled(f"13000{seed:012d}", answers)
        made.append((answers, scanner.scan(filled, seed=seed, habits=habits[seed % 3], flaws=flaws[seed // 3 % 2])))
    return made


def _against_decoding(layout: CardLayout, scans: Scans, reader: CardReader) -> Line:
    buffer = bytearray(4_000_000)

    def decode() -> None:
        for _, jpeg in scans:
            simplejpeg.decode_jpeg(jpeg, "GRAY", fastdct=True, buffer=buffer)

    def read() -> None:
        for _, jpeg in scans:
            reader.read(jpeg)

    # in turns, so that a disturbance of the machine meets both
    times = [(best_of(1, read), best_of(1, decode)) for _ in range(ROUNDS)]
    ours, peer = (len(scans) / min(column) for column in zip(*times, strict=True))
    goal = 0.8 if reader.name == "area" else None
    return Line(f"cards.{reader.name}", ours, peer, "simplejpeg 只解码", ours / peer, goal, "张/秒/核", len(scans))


@cache
def _own_reader() -> CardReader:
    cv2.setNumThreads(1)
    return first_reader(card_layout(ITEMS))


def _read_all(jpegs: list[bytes]) -> float:
    begin = time.perf_counter()
    for _ in range(REPEATS):
        for jpeg in jpegs:
            _own_reader().read(jpeg)
    return time.perf_counter() - begin


def _processes(scans: Scans) -> Line:
    jpegs = [jpeg for _, jpeg in scans]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        list(pool.map(_read_all, [jpegs[:4]] * 4))
        one = min(pool.submit(_read_all, jpegs).result() for _ in range(2))
        both = min(max(pool.map(_read_all, [jpegs, jpegs])) for _ in range(3))
    work = REPEATS * len(jpegs)
    ours, peer = 2 * work / both, work / one
    return Line("cards.two-processes", ours, peer, "一个进程", ours / peer, 1.9, "张/秒", work)


def _misreads(layout: CardLayout) -> Line:
    one, two = first_reader(layout), second_reader(layout)
    silent = items = 0
    for answers, jpeg in _scans(layout, MISREAD_CARDS):
        result = compared(one.read(jpeg), two.read(jpeg))
        if result.set_aside is None:
            items += len(answers)
            silent += _silent(answers, result)
    return Line("cards.silent-misreads", silent, None, "上限 0 项", None, 0, "项", items, lower_is_better=True)


def _silent(answers: str, result: Compared) -> int:
    return sum(seen not in (DOUBTFUL, meant) for meant, seen in zip(answers, result.answers, strict=True))
