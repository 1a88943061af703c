"""Made-up people: names, ID numbers with right check digits, addresses, and portraits drawn for them.

Nobody real can be hit: the ID numbers lie in a prefecture that does not exist (3299), the phones in no range in use.
The same seed gives the same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

import cv2
import numpy as np

from zikao.foundation.resident_id import check_character
from zikao.stages.candidates.states import Applicant

REGION = "329999"
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫")
GIVEN_MALE = "伟强磊军洋勇杰涛明超辉刚健平鹏飞斌宇浩凯志文建国华亮俊峰海波宁成龙康乐思源博远航锐泽"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀英慧莉玲燕雪琳婷倩颖洁梅兰欣怡悦雅诗涵梓萱嘉宁佳瑶思雨彤妍"
MINORITY_NAMES = ("买买提·艾力", "阿依古丽·吐尔逊", "古丽娜尔·买合木提", "扎西·次仁", "巴特尔·苏和")
STREETS = ("中山路", "人民路", "解放路", "建设路", "北京路", "新华街", "长江路", "学府路", "和平街", "青年路")
FIRST_BIRTH = date(1975, 1, 1)
BIRTH_DAYS = 30 * 365
WIDTH, HEIGHT = 180, 240


def id_number(rng: Random, born_on: date, sex: str, serial: int | None = None) -> str:
    """A valid ID number of nobody; `serial` (0 to 499) keeps numbers of one day apart, by chance without it."""
    order = 2 * (rng.randrange(500) if serial is None else serial % 500) + (1 if sex == "1" else 0)
    first = f"{REGION}{born_on:%Y%m%d}{order:03d}"
    return first + check_character(first)


def name(rng: Random, sex: str) -> str:
    """A name as frequent as names are: mostly two or three characters, some double surnames and separators."""
    if rng.random() < 0.004:
        return rng.choice(MINORITY_NAMES)
    surname = rng.choice(DOUBLE_SURNAMES) if rng.random() < 0.006 else rng.choice(SURNAMES)
    given = GIVEN_MALE if sex == "1" else GIVEN_FEMALE
    return surname + "".join(rng.choice(given) for _ in range(1 if rng.random() < 0.2 else 2))


def phone(rng: Random) -> str:
    """Eleven digits that no operator gives out (100 at the front)."""
    return f"100{rng.randrange(10**8):08d}"


def address(rng: Random) -> str:
    """A street address without a town."""
    return f"{rng.choice(STREETS)}{rng.randrange(1, 400)}号{rng.randrange(1, 40)}幢{rng.randrange(101, 2800)}室"


def portrait(rng: Random) -> bytes:
    """A drawn face on a light ground as JPEG, 180 by 240 pixels, unlike from person to person."""
    light = rng.randrange(205, 240)
    canvas = np.full((HEIGHT, WIDTH, 3), (light, light, min(light + 6, 255)), np.uint8)
    tone, dark = rng.uniform(0.8, 1.0), rng.randrange(18, 52)
    skin = tuple(int(part * tone) for part in (190, 212, 240))
    hair = (dark, dark, min(dark + rng.randrange(0, 14), 60))
    clothes = tuple(rng.randrange(30, 190) for _ in range(3))
    middle = (WIDTH // 2 + rng.randrange(-4, 5), 108 + rng.randrange(-5, 6))
    face = (rng.randrange(38, 47), rng.randrange(50, 60))
    _draw_body(canvas, middle, skin, clothes)
    cv2.ellipse(canvas, (middle[0], middle[1] - 14), (face[0] + 7, face[1] + 3), 0, 0, 360, hair, -1, cv2.LINE_AA)
    cv2.ellipse(canvas, (middle[0], middle[1] + 4), face, 0, 0, 360, skin, -1, cv2.LINE_AA)
    _draw_features(canvas, middle, rng, has_glasses=rng.random() < 0.35)
    encoded = cv2.imencode(".jpg", canvas, (cv2.IMWRITE_JPEG_QUALITY, 82))[1]
    return bytes(encoded.tobytes())


Point = tuple[int, int]


def _draw_body(
    canvas: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], middle: Point, skin: Sequence[int], clothes: Sequence[int]
) -> None:
    x, y = middle
    cv2.ellipse(canvas, (x, HEIGHT + 6), (80, 68), 0, 180, 360, clothes, -1, cv2.LINE_AA)
    cv2.rectangle(canvas, (x - 15, y + 40), (x + 15, y + 78), skin, -1)


def _draw_features(
    canvas: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], middle: Point, rng: Random, *, has_glasses: bool
) -> None:
    x, y = middle
    apart, dark = rng.randrange(15, 20), (30, 30, 40)
    for side in (-1, 1):
        eye = (x + side * apart, y - 4)
        cv2.ellipse(canvas, eye, (7, 3), 0, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
        cv2.circle(canvas, eye, 3, dark, -1, cv2.LINE_AA)
        cv2.line(canvas, (eye[0] - 9, y - 15), (eye[0] + 9, y - 16 + side), dark, 2, cv2.LINE_AA)
        if has_glasses:
            cv2.circle(canvas, eye, 12, (120, 110, 110), 1, cv2.LINE_AA)
    cv2.line(canvas, (x, y + 2), (x - 3, y + 17), (120, 140, 175), 2, cv2.LINE_AA)
    width = rng.randrange(9, 15)
    cv2.ellipse(canvas, (x, y + 27), (width, rng.randrange(2, 6)), 0, 0, 180, (90, 90, 170), 2, cv2.LINE_AA)


def people(
    count: int,
    *,
    seed: int,
    major_codes: Sequence[str],
    fee_fen: int,
    password_hash: str = "",
    first: int = 0,
) -> Iterator[Applicant]:
    """`count` applicants, no two with the same ID number for any `first` + `count` up to five million.

    Person number n is the same for the same seed, whatever `first` and `count` are.
    """
    for n in range(first, first + count):
        rng = Random(f"{seed}/{n}")
        sex = "1" if rng.random() < 0.45 else "2"
        born_on = FIRST_BIRTH + timedelta(days=n % BIRTH_DAYS)
        yield Applicant(
            name=name(rng, sex),
            sex=sex,
            born_on=born_on,
            id_number=id_number(rng, born_on, sex, serial=n // BIRTH_DAYS),
            major_code=rng.choice(major_codes),
            phone=phone(rng),
            address=address(rng),
            portrait=portrait(rng),
            fee_fen=fee_fen,
            password_hash=password_hash,
        )
