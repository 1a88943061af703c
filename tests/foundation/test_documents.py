"""Documents: what is handed in is on the paper, the same data gives the same bytes, errors name their place."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pymupdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.foundation.documents import (
    DocumentError,
    Raster,
    code128,
    engine,
    qr,
    qr_png,
    qr_svg,
    render,
    render_batch,
    render_many,
    render_picture,
    uncovered,
)
from zikao.foundation.documents.data import plain

LETTER = "foundation/letter.typ"


def letter(number: int = 1, **more: object) -> dict[str, object]:
    return {
        "agency": "江苏省教育考试院",
        "title": "关于考点验收的函",
        "number": f"苏教考自〔2026〕{number}号",
        "to": "南京市考区委员会",
        "paragraphs": ["经验收，下列考点符合国家教育考试标准化考点规范。", f"本函编号 {number}。"],
        "facts": [["考点", "南京市第一中学"], ["有效期至", date(2029, 8, 31)]],
        "clauses": ["考务 第二十四条"],
        "issued_on": date(2026, 8, 20),
        **more,
    }


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.get_text().split()) for page in pymupdf.open(stream=pdf))


def pages_of(pdf: bytes) -> int:
    return len(pymupdf.open(stream=pdf))


def grid(code: Raster) -> np.ndarray:
    rows = np.frombuffer(code["pixels"], np.uint8).reshape(code["height"], code["width"])
    tall = 60 if code["height"] == 1 else 4
    return np.pad(np.kron(rows, np.ones((tall, 4), np.uint8)), 40, constant_values=255)


def test_letter_shows_its_facts_and_dates() -> None:
    words = text_of(render(LETTER, letter()))
    for expected in (
        "关于考点验收的函",
        "南京市第一中学",
        "2029年8月31日",
        "2026年8月20日",
        "盖章处",
        "考务第二十四条",
    ):
        assert expected in words


def test_same_data_gives_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib,sys;sys.path[:0]=sys.argv[1:3];"
        "from test_documents import LETTER,letter;from zikao.foundation.documents import render;"
        "print(hashlib.sha256(render(LETTER,letter())).hexdigest())"
    )
    here = Path(__file__).parent
    source = Path(engine.__file__).parents[3]
    runs = {
        subprocess.run(
            [sys.executable, "-c", program, str(here), str(source)], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert render(LETTER, letter()) == render(LETTER, letter())
    assert render(LETTER, letter(1)) != render(LETTER, letter(2))


def test_many_gives_one_pdf_for_each_in_order() -> None:
    made = [text_of(pdf) for pdf in render_many(LETTER, (letter(n) for n in range(3)))]
    assert ["本函编号0。" in made[0], "本函编号1。" in made[1], "本函编号2。" in made[2]] == [True] * 3


def test_batch_cuts_into_chunks_and_shares_data() -> None:
    items = [{"number": f"第{n}号", "paragraphs": [f"段落{n}"]} for n in range(7)]
    shared = letter(0)
    del shared["paragraphs"], shared["number"]
    chunks = list(render_batch(LETTER, items, shared=shared, chunk=3))
    assert [pages_of(chunk) for chunk in chunks] == [3, 3, 1]
    assert "段落6" in text_of(chunks[2])
    assert "南京市考区委员会" in text_of(chunks[2])


def test_missing_field_names_template_and_line() -> None:
    data = letter()
    del data["paragraphs"]
    with pytest.raises(DocumentError) as caught:
        render(LETTER, data)
    source = (Path(engine.__file__).parent / "typst" / "letter.typ").read_text(encoding="utf-8").splitlines()
    assert caught.value.facts["file"] == LETTER
    assert "paragraphs" in source[caught.value.facts["line"] - 1]
    assert "paragraphs" in caught.value.facts["said"]


@pytest.mark.parametrize("name", ["foundation/none.typ", "nobody/letter.typ", "../letter.typ", "foundation/../x.typ"])
def test_unknown_template_is_refused(name: str) -> None:
    with pytest.raises(DocumentError, match="document-unknown"):
        render(name, {})


def test_nothing_is_left_behind_in_the_workshop() -> None:
    render(LETTER, letter())
    left = engine._local.held[1].root
    assert not list(left.glob("*.cbor"))
    assert left.stat().st_mode & 0o077 == 0


def test_threads_do_not_mix_their_documents() -> None:
    made: dict[int, str] = {}

    def work(number: int) -> None:
        for _ in range(5):
            made[number] = text_of(render(LETTER, letter(number)))

    threads = [Thread(target=work, args=(n,)) for n in (101, 202, 303)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(f"本函编号{number}。" in words for number, words in made.items())
    assert len(made) == 3


def test_markup_in_a_name_is_printed_and_not_run() -> None:
    words = text_of(render(LETTER, letter(to='#panic("x") *a* $b$ @c <d>')))
    assert '#panic("x")*a*$b$@c<d>' in words


@given(number=st.text("0123456789", min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_codes_are_read_back(number: str) -> None:
    assert zxingcpp.read_barcode(grid(code128(number))).text == number
    assert zxingcpp.read_barcode(grid(qr(number))).text == number
    picture = cv2.imdecode(np.frombuffer(qr_png(number), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert zxingcpp.read_barcode(picture).text == number


def test_qr_svg_draws_the_modules_of_the_code() -> None:
    text = "https://zk.example.cn/v/320102261001"
    dark = np.frombuffer(qr(text)["pixels"], np.uint8) < 128
    assert qr_svg(text).count("h1v1") == int(dark.sum())


def test_plain_values() -> None:
    at = datetime(2026, 10, 17, 1, 0, tzinfo=UTC)
    assert plain({"at": at, "on": date(2026, 1, 2), "mark": Decimal("61.5"), "n": [1, None]}) == {
        "at": "2026年10月17日 09:00",
        "on": "2026年1月2日",
        "mark": "61.5",
        "n": [1, None],
    }
    with pytest.raises(TypeError):
        plain({"model": object()})


def test_a_rare_character_without_glyph_is_told() -> None:
    assert uncovered("欧阳明月·囧䶮") == ""
    assert uncovered("王𠮷") == "𠮷"


def test_a_rare_character_without_glyph_is_printed_as_its_code_point_not_as_a_box() -> None:
    told = letter() | {"title": "王𠮷的通知"}
    assert "王〔U+20BB7〕的通知" in text_of(render(LETTER, told))
    assert plain(["㛃𣲗·①", "\ue863", "a\u200bb\ufe0f"]) == ["㛃𣲗·①", "〔U+E863〕", "a\u200bb\ufe0f"]


def test_picture_is_the_page_in_pixels() -> None:
    picture = cv2.imdecode(np.frombuffer(render_picture(LETTER, letter(), ppi=72), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[:2] in {(842, 595), (842, 596)}
