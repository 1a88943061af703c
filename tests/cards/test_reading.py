"""Reading cards: hundreds of scans by careful and careless hands, and cards that are none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray

from zikao.stages.marking.cards.alignment import bounds, cut_out
from zikao.stages.marking.cards.comparing import Compared, compared
from zikao.stages.marking.cards.judging import BLANK, DOUBTFUL, Band, DoubtReason, judge
from zikao.stages.marking.cards.layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, card_layout, form_number
from zikao.stages.marking.cards.printing import card_data
from zikao.stages.marking.cards.readers import first_reader, second_reader
from zikao.stages.marking.cards.reading import CardReading, SetAsideReason
from zikao.world.scans import CAREFUL, CARELESS, USUAL, Filled, Flaws, Habits, Scanner, printed_blank

LAYOUT = card_layout(60)
NUMBER = "13000320102126001"
NO_MARKS = Habits(light=0, faint=0, half=0, cross=0, tick=0, dash=0, changed=0, double=0)
WORST = Flaws(rotation_degrees=3, upside_down=0.3, noise=9, lighting=0.12, shift_mm=2)


@cache
def scanner(dpi: int = 150, items: int = 60) -> Scanner:
    layout = card_layout(items)
    return Scanner(layout, printed_blank(layout, dpi=dpi))


@cache
def readers(items: int = 60) -> tuple[object, object]:
    layout = card_layout(items)
    return first_reader(layout), second_reader(layout)


def read(jpeg: bytes, items: int = 60, course: str = "") -> tuple[CardReading, CardReading]:
    one, two = readers(items)
    return one.read(jpeg, course=course), two.read(jpeg, course=course)  # type: ignore[attr-defined]


def random_answers(rng: np.random.Generator, items: int = 60) -> str:
    return "".join(rng.choice(list("ABCD-"), items, p=[0.24, 0.24, 0.24, 0.24, 0.04]))


def cards(count: int, habits: Habits, flaws: Flaws, dpi: int = 150) -> Iterator[tuple[str, Compared]]:
    rng = np.random.default_rng(11)
    for seed in range(count):
        answers = random_answers(rng)
        filled = Filled(f"13000{seed:012d}", answers)
        result = compared(*read(scanner(dpi).scan(filled, seed=seed, habits=habits, flaws=flaws)))
        assert result.set_aside in (None, SetAsideReason.DAMAGED)
        assert result.barcode == filled.barcode
        if result.set_aside is None:
            yield answers, result


def misread(answers: str, result: Compared) -> list[int]:
    """Items about which the two readers are sure, and wrong."""
    pairs = zip(answers, result.answers, strict=True)
    return [number for number, (meant, seen) in enumerate(pairs, 1) if seen not in (DOUBTFUL, meant)]


@pytest.mark.parametrize(("dpi", "count"), [(150, 60), (200, 30)])
@pytest.mark.parametrize("flaws", [Flaws(), WORST], ids=["usual way", "worst way"])
@pytest.mark.parametrize("habits", [CAREFUL, USUAL, CARELESS], ids=["careful", "usual", "careless"])
def test_no_item_is_misread_in_silence(habits: Habits, flaws: Flaws, dpi: int, count: int) -> None:
    results = list(cards(count, habits, flaws, dpi))
    assert len(results) > count / 2
    assert [misread(answers, result) for answers, result in results if misread(answers, result)] == []


def test_careful_hands_leave_people_next_to_nothing() -> None:
    results = list(cards(60, CAREFUL, Flaws()))
    assert sum(len(result.doubts) for _, result in results) < 60 * 60 * 0.01


def test_usual_hands_leave_people_few_items() -> None:
    results = list(cards(60, USUAL, Flaws()))
    assert sum(len(result.doubts) for _, result in results) < 60 * 60 * 0.06


def test_an_upside_down_card_is_read_as_if_it_lay_upright() -> None:
    answers = "ABCD" * 15
    upright, turned = (
        scanner().scan(Filled(NUMBER, answers), seed=1, habits=NO_MARKS, flaws=Flaws(upside_down=share))
        for share in (0, 1)
    )
    for one, other in zip(read(upright), read(turned), strict=True):
        assert (one.turned, other.turned) == (False, True)
        assert one.answers == other.answers == answers
        assert other.barcode == NUMBER


def test_both_readers_see_an_absent_mark() -> None:
    scan = scanner().scan(Filled(NUMBER, BLANK * 60, absent=True), seed=2, habits=NO_MARKS)
    one, two = read(scan)
    assert one.absent is True
    assert two.absent is True
    assert compared(one, two).doubts == ()


def test_an_absent_mark_on_a_card_with_answers_is_a_doubt() -> None:
    scan = scanner().scan(Filled(NUMBER, "A" * 60, absent=True), seed=2, habits=NO_MARKS)
    assert compared(*read(scan)).doubts == ((0, DoubtReason.ABSENT_MARK),)


@pytest.mark.parametrize("seed", range(12))
def test_a_torn_card_is_set_aside(seed: int) -> None:
    result = compared(*read(scanner().torn(Filled(NUMBER, "A" * 60), seed=seed)))
    assert result.set_aside is SetAsideReason.NO_CORNERS


@pytest.mark.parametrize("seed", range(6))
def test_a_page_of_writing_is_set_aside(seed: int) -> None:
    assert compared(*read(scanner().foreign(seed=seed))).set_aside is SetAsideReason.NO_CORNERS


def test_a_card_of_another_kind_is_set_aside() -> None:
    scan = scanner(items=20).scan(Filled(NUMBER, "A" * 20), seed=1)
    assert compared(*read(scan)).set_aside is SetAsideReason.FOREIGN_FORM


def test_a_card_of_another_course_is_set_aside_and_its_number_kept() -> None:
    one, _ = read(scanner().scan(Filled(NUMBER, "A" * 60), seed=1), course="00037")
    assert (one.set_aside, one.barcode) == (SetAsideReason.WRONG_COURSE, NUMBER)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0 broken"])
def test_what_is_no_picture_is_set_aside(data: bytes) -> None:
    assert read(data)[0].set_aside is SetAsideReason.UNREADABLE


def test_a_picture_too_coarse_is_set_aside() -> None:
    scan = scanner().scan(Filled(NUMBER, "A" * 60), seed=1)
    small = cv2.resize(decoded(scan), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    assert read(encoded(small))[0].set_aside is SetAsideReason.UNREADABLE


def test_half_a_file_is_set_aside() -> None:
    scan = scanner().scan(Filled(NUMBER, "A" * 60), seed=1)
    assert read(scan[: len(scan) // 2])[0].set_aside is not None


def test_a_card_whose_barcode_is_scratched_out_is_set_aside() -> None:
    picture = decoded(scanner().scan(Filled(NUMBER, "A" * 60), seed=1, flaws=Flaws(upside_down=0)))
    scale = picture.shape[1] / PAGE_WIDTH_MM
    box = LAYOUT.barcode
    picture[int(box.y * scale) : int((box.y + box.height) * scale), int(150 * scale) : int(165 * scale)] = 30
    assert compared(*read(encoded(picture))).set_aside is SetAsideReason.NO_BARCODE


def test_a_covered_row_is_a_doubt_and_not_a_blank() -> None:
    scan = scanner().scan(Filled(NUMBER, "A" * 60), seed=1, habits=NO_MARKS, flaws=Flaws(upside_down=0))
    picture = decoded(scan)
    one, _ = read(scan)
    top, bottom, left, right = bounds(np.array(one.matrix, np.float32).reshape(3, 3), LAYOUT.item_strip(8), picture)
    picture[top:bottom, left:right] = 248  # correction tape
    result = compared(*read(encoded(picture)))
    assert result.answers[7] == DOUBTFUL
    assert dict(result.doubts)[8] is DoubtReason.UNPRINTED


def test_readers_that_differ_hand_the_item_to_people() -> None:
    first = CardReading(NUMBER, "ABC", (), False)
    second = CardReading(NUMBER, "ABD", (), False)
    result = compared(first, second)
    assert result.answers == "AB?"
    assert result.doubts == ((3, DoubtReason.DIFFERENT),)


def test_readers_that_differ_about_the_barcode_set_the_card_aside() -> None:
    first, second = (CardReading(number, "A", (), False) for number in (NUMBER, NUMBER[:-1] + "2"))
    assert compared(first, second).set_aside is SetAsideReason.NO_BARCODE


@pytest.mark.parametrize(
    ("levels", "answer", "reason"),
    [
        ([0.5, 0.0, 0.0, 0.0], "A", None),
        ([0.0, 0.0, 0.0, 0.0], "-", None),
        ([0.3, 0.0, 0.0, 0.0], "A", None),
        ([0.29, 0.0, 0.0, 0.0], "?", DoubtReason.FAINT),
        ([0.1, 0.0, 0.0, 0.0], "?", DoubtReason.FAINT),
        ([0.09, 0.0, 0.0, 0.0], "-", None),
        ([0.5, 0.4, 0.0, 0.0], "?", DoubtReason.DOUBLE),
        ([0.5, 0.2, 0.0, 0.0], "?", DoubtReason.RIVAL),
        ([0.5, 0.19, 0.0, 0.0], "A", None),
        ([0.5, -0.6, 0.0, 0.0], "?", DoubtReason.UNPRINTED),
    ],
)
def test_an_item_is_judged_by_its_band(levels: list[float], answer: str, reason: DoubtReason | None) -> None:
    band = Band(trace=0.1, filled=0.3, residue=0.2, printed=-0.5)
    paper = np.array([230], np.float32)
    judged = judge(np.array([levels], np.float32), band, paper=paper, least_paper=110)
    assert judged.answers == answer
    assert judged.doubts == (((1, reason),) if reason else ())


def test_an_item_without_clean_paper_around_is_a_doubt() -> None:
    band = Band(trace=0.1, filled=0.3, residue=0.2, printed=-0.5)
    levels, paper = np.zeros((1, 4), np.float32), np.array([60], np.float32)
    judged = judge(levels, band, paper=paper, least_paper=110)
    assert judged.doubts == ((1, DoubtReason.NO_PAPER),)


@pytest.mark.parametrize("items", [0, 1, 20, 37, 60])
def test_every_box_of_a_layout_lies_on_the_sheet_and_bubbles_do_not_touch(items: int) -> None:
    layout = card_layout(items)
    boxes = [box for row in layout.bubbles for box in row]
    others = [*layout.corners, layout.orientation, layout.barcode, layout.absent, layout.handwriting]
    for box in [*boxes, *others, *([layout.answer] if layout.answer else [])]:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= PAGE_WIDTH_MM
        assert box.y + box.height <= PAGE_HEIGHT_MM
    places = {(box.x, box.y) for box in boxes}
    assert len(places) == items * 4
    assert len(card_data(layout)["items"]) == items  # type: ignore[arg-type]


def test_kinds_of_cards_have_different_numbers_of_odd_parity() -> None:
    numbers = [form_number(items, written=written) for items in range(61) for written in (False, True)]
    assert len(set(numbers)) == len(numbers)
    assert all(number.bit_count() % 2 == 1 and number < 256 for number in numbers)


def test_the_same_seed_gives_the_same_scan() -> None:
    filled = Filled(NUMBER, "ABCD" * 15)
    assert scanner().scan(filled, seed=3) == scanner().scan(filled, seed=3)
    assert scanner().scan(filled, seed=3) != scanner().scan(filled, seed=4)


def test_a_card_without_objective_items_is_read_for_its_barcode() -> None:
    one, two = read(scanner(items=0).scan(Filled(NUMBER, ""), seed=1), items=0)
    assert (one.barcode, one.answers, one.set_aside) == (NUMBER, "", None)
    assert compared(one, two).doubts == ()


def test_a_piece_cut_out_shows_the_box_upright_even_of_a_turned_scan() -> None:
    scan = scanner().scan(Filled(NUMBER, "A" * 60), seed=1, habits=NO_MARKS, flaws=Flaws(upside_down=1))
    one, _ = read(scan)
    matrix = np.array(one.matrix, np.float32).reshape(3, 3)
    bubble = cut_out(decoded(scan), matrix, LAYOUT.bubbles[0][0], pixels_per_mm=6)
    empty = cut_out(decoded(scan), matrix, LAYOUT.bubbles[0][3], pixels_per_mm=6)
    assert bubble.mean() < empty.mean() - 60


def decoded(jpeg: bytes) -> NDArray[np.uint8]:
    grey = simplejpeg.decode_jpeg(jpeg, "GRAY")
    return np.asarray(grey, np.uint8).reshape(grey.shape[:2])


def encoded(picture: NDArray[np.uint8]) -> bytes:
    ready = np.ascontiguousarray(picture)[:, :, None]
    return bytes(simplejpeg.encode_jpeg(ready, quality=85, colorspace="GRAY"))
