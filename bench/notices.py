"""Exam notices: our pages a second beside ReportLab's, both with the same font, barcode, QR code and portrait."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from bench import Line, clocked
from zikao.foundation.documents import Raster, code128, qr, render, render_batch
from zikao.foundation.documents.fonts import shipped_folder

PAGES = 600
CHUNK = 50
FONT = "NotoSansSC"
RULES = (
    "考前30分钟凭准考证、考试通知单和有效居民身份证入场；开考15分钟后不得进入考点参加当次科目考试。",
    "接受身份验证和必要检查；手机等非规定物品不得带入考场。",
    "对号入座，在答题卡规定位置准确填涂姓名、准考证号、座位号，配合书写笔迹采集。",
    "开考信号发出后方可答题；在规定的答题区域内按题号作答，不得作任何标记。",
    "考试结束前30分钟方可交卷出场，出场后不得再进场续考。",
    "违规行为按《国家教育考试违规处理办法》处理，并记入国家教育考试诚信档案。",
)
COURSES = (
    ("2026年10月24日", "周六", "09:00—11:30", "15044", "马克思主义基本原理"),
    ("2026年10月24日", "周六", "14:30—17:00", "00540", "外国文学史"),
    ("2026年10月25日", "周日", "09:00—11:30", "13000", "英语（专升本）"),
)
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "明月华建国秀英文静思远嘉怡子涵梓萱浩然晨曦雨桐"


def bench() -> list[Line]:
    """Two lines: pages a second against ReportLab; one notice against the limit of 10 ms."""
    people = [person(number) for number in range(PAGES)]
    _register_peer_font()
    ours_once(people[:CHUNK])
    peer_once(people[:CHUNK])
    rounds = [(clocked(lambda: ours_once(people)), clocked(lambda: peer_once(people))) for _ in range(3)]
    ours, peer = (PAGES / min(times) for times in zip(*rounds, strict=True))
    single = statistics.median(clocked(lambda p=one: render("seating/notice.typ", notice(p))) for one in people[:60])
    return [
        Line("notices", ours, peer, "ReportLab", ours / peer, 3.0, "页/秒", PAGES),
        Line("notices.single", single * 1000, None, "上限 10 ms", None, 10.0, "ms", 60, lower_is_better=True),
    ]


def person(number: int) -> dict[str, Any]:
    """The same facts for both sides, with a portrait of 240 x 320 of their own."""
    name = FAMILY[number % len(FAMILY)] + GIVEN[number % 19] + GIVEN[number % 17]
    picture = np.full((320, 240, 3), 235, np.uint8)
    cv2.circle(picture, (120, 120), 60, (150, 180, 200 + number % 50), -1)
    cv2.ellipse(picture, (120, 320), (100, 110), 0, 180, 360, (number % 200, 90, 60), -1)
    _, portrait = cv2.imencode(".jpg", picture)
    return {
        "name": name,
        "number": f"3201022610{number % 100:02d}",
        "seat": number % 30 + 1,
        "portrait": portrait.tobytes(),
    }


def notice(one: dict[str, Any]) -> dict[str, Any]:
    """One candidate's data as the seating stage hands it over."""
    number = one["number"]
    return {
        "agency": "江苏省教育考试院", "sitting": "2026年10月考试", "area": "南京市", "name": one["name"], "sex": "女",
        "id_number": "3201**********002X", "admission_number": number, "major": "X2050101 汉语言文学（本科）",
        "barcode": code128(number), "qr": qr(f"https://zk.example.cn/verify/{number}/2026-10"),
        "verify": "核验：https://zk.example.cn/verify", "issued_on": "2026年9月28日",
        "seats": [
            {"date": day, "weekday": week, "time": hours, "code": code, "course": course, "site": "南京市第一中学",
             "address": "南京市秦淮区中山南路301号", "room": f"{one['seat']:03d}", "seat": f"{one['seat']:02d}"}
            for day, week, hours, code, course in COURSES
        ],
        "rules": RULES, "clauses": ["考务 第十六条", "考务 第二十八条", "考务 附件1"],
        "images": {"portrait": one["portrait"]},
    }  # fmt: skip


def ours_once(people: list[dict[str, Any]]) -> int:
    """All notices in chunks; the bytes made."""
    chunks: Iterator[bytes] = render_batch("seating/notice.typ", map(notice, people), chunk=CHUNK)
    return sum(len(pdf) for pdf in chunks)


def _register_peer_font() -> None:
    pdfmetrics.registerFont(TTFont(FONT, str(shipped_folder() / "NotoSansSC-Regular.ttf")))


def peer_once(people: list[dict[str, Any]]) -> int:
    """The same notices by ReportLab in files of the same chunks; the bytes made."""
    total = 0
    for begin in range(0, len(people), CHUNK):
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4)
        for one in people[begin : begin + CHUNK]:
            _peer_page(canvas, one)
            canvas.showPage()
        canvas.save()
        total += len(out.getvalue())
    return total


BODY = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK")
SMALL = ParagraphStyle("small", parent=BODY, fontSize=9, leading=13)


def _peer_page(canvas: Canvas, one: dict[str, Any]) -> None:
    data = notice_texts(one)
    width, height = A4
    canvas.setFont(FONT, 11)
    canvas.drawCentredString(width / 2, height - 25 * mm, "江苏省教育考试院　高等教育自学考试")
    canvas.setFont(FONT, 21)
    canvas.drawCentredString(width / 2, height - 35 * mm, "考试通知单")
    canvas.setFont(FONT, 9.5)
    canvas.drawCentredString(width / 2, height - 42 * mm, "2026年10月考试　考试地区：南京市")
    canvas.line(20 * mm, height - 45 * mm, width - 20 * mm, height - 45 * mm)
    _peer_table(canvas, data["fields"], [26 * mm, 109 * mm], height - 50 * mm)
    canvas.drawImage(ImageReader(io.BytesIO(one["portrait"])), width - 50 * mm, height - 91 * mm, 30 * mm, 40 * mm)
    _peer_table(canvas, data["seats"], [42 * mm, 45 * mm, 55 * mm, 14 * mm, 14 * mm], height - 98 * mm)
    top = height - 160 * mm
    for at, rule in enumerate(RULES, start=1):
        paragraph = Paragraph(f"{at}、{rule}", BODY)
        _, used = paragraph.wrap(170 * mm, 100 * mm)
        top -= used + 3
        paragraph.drawOn(canvas, 20 * mm, top)
    number = one["number"]
    _peer_raster(canvas, code128(number), (20 * mm, 30 * mm, 52 * mm, 11 * mm))
    _peer_raster(
        canvas, qr(f"https://zk.example.cn/verify/{number}/2026-10"), (width - 45 * mm, 25 * mm, 25 * mm, 25 * mm)
    )
    canvas.setFont(FONT, 11)
    canvas.drawCentredString(width - 85 * mm, 40 * mm, "江苏省教育考试院")
    canvas.drawCentredString(width - 85 * mm, 33 * mm, "2026年9月28日")
    canvas.circle(width - 85 * mm, 38 * mm, 18 * mm)
    canvas.setFont(FONT, 8)
    canvas.drawString(20 * mm, 15 * mm, "核验：https://zk.example.cn/verify")
    canvas.drawRightString(width - 20 * mm, 15 * mm, "第 1 页")


def _peer_raster(canvas: Canvas, code: Raster, place: tuple[float, float, float, float]) -> None:
    """The same pixels as ours: ReportLab's own vector codes would make it five times slower."""
    picture = Image.frombytes("L", (code["width"], code["height"]), code["pixels"])
    canvas.drawImage(ImageReader(picture), *place)


def notice_texts(one: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """The notice's two tables as ReportLab takes them."""
    pairs = [["姓名", one["name"]], ["准考证号", one["number"]], ["身份证件号", "3201**********002X"],
             ["性别", "女"], ["专业", "X2050101 汉语言文学（本科）"]]  # fmt: skip
    rows = [["日期与时间", "课程", "考点与地址", "考场", "座位"]]
    seat = one["seat"]
    for day, week, hours, code, course in COURSES:
        place = Paragraph("南京市第一中学<br/>南京市秦淮区中山南路301号", SMALL)
        rows.append([Paragraph(f"{day} {week}<br/>{hours}", SMALL), Paragraph(f"{course}<br/>{code}", SMALL), place,
                     f"{seat:03d}", f"{seat:02d}"])  # fmt: skip
    return {"fields": pairs, "seats": rows}


def _peer_table(canvas: Canvas, rows: list[list[Any]], widths: list[float], top: float) -> None:
    table = Table(rows, colWidths=widths)
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), FONT, 10), ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                               ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))  # fmt: skip
    _, used = table.wrap(170 * mm, 200 * mm)
    table.drawOn(canvas, 20 * mm, top - used)
