"""When a resident ID number is accepted, what it says of birth and sex, and the shape of names."""

from __future__ import annotations

import re
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.foundation.resident_id import birth_date, check_character, is_shaped
from zikao.stages.candidates.states import DocumentKind

FIRST_DAY = date(2020, 9, 27)
_SEPARATOR = "\u00b7"
_LOOKALIKES = frozenset("\u2022\u30fb\uff0e\u2027\u22c5\u2219\u318d.")

IDENTITY_NUMBER = Rule("candidates.identity-number", title="居民身份证号码")
IDENTITY_AGREES = Rule("candidates.identity-agrees", title="出生日期、性别与居民身份证一致")
IDENTITY_DOCUMENT = Rule("candidates.identity-document", title="报名使用的身份证件")
NAME = Rule("candidates.name", title="姓名的写法")


@IDENTITY_NUMBER.version("EA-13.1", since=FIRST_DAY)
def _(*, id_number: str, on: date) -> Decision:
    shape = decide("EA-13.1", is_shaped(id_number), "id-number-shape", length=len(id_number))
    if not shape.granted:
        return shape
    regions = parameter("resident-id-regions").on(on)
    region, born_on = id_number[:2], birth_date(id_number)
    return all_of(
        shape,
        decide("EA-13.1", region in regions, "id-number-region", region=region),
        decide("EA-13.1", born_on is not None, "id-number-date", digits=id_number[6:14]),
        decide("EA-13.1", check_character(id_number[:17]) == id_number[17], "id-number-check"),
    )


@IDENTITY_DOCUMENT.version("EA-13.1", since=FIRST_DAY)
def _(*, kind: str, id_number: str, province: str, on: date) -> Decision:
    accepted = parameter("identity-documents").on(on, province=province)
    shape = parameter("identity-document-shapes").on(on).get(kind)
    named = [DocumentKind(each).label for each in accepted]
    label = DocumentKind(kind).label if kind in DocumentKind.values else kind
    fits = shape is None or re.fullmatch(shape["pattern"], id_number, re.ASCII) is not None
    return all_of(
        decide("EA-13.1", kind in accepted, "document-not-accepted", kind=label, accepted="、".join(named)),
        decide(
            "EA-13.1", fits, "document-number-shape", kind=label, example=shape["example"] if shape is not None else ""
        ),
    )


@IDENTITY_AGREES.version("EA-13.1", since=FIRST_DAY)
def _(*, id_number: str, born_on: date, sex: str, on: date) -> Decision:
    said = "1" if int(id_number[16]) % 2 else "2"
    return all_of(
        decide("EA-13.1", born_on <= on, "birth-in-future", born_on=born_on, on=on),
        decide("EA-13.1", born_on == birth_date(id_number), "birth-differs", born_on=born_on),
        decide("EA-13.1", sex == said, "sex-differs"),
    )


@NAME.version("EA-13.1", since=FIRST_DAY)
def _(*, name: str, on: date) -> Decision:
    longest = parameter("name-length-maximum").on(on)
    parts = re.split(f"[{_SEPARATOR} ]", name)
    return all_of(
        decide("EA-13.1", 2 <= len(name) <= longest, "name-length", length=len(name), longest=longest),
        decide("EA-13.1", not _LOOKALIKES & set(name), "name-separator"),
        decide("EA-13.1", all(map(_is_word, parts)) or bool(_LOOKALIKES & set(name)), "name-characters"),
    )


def _is_word(part: str) -> bool:
    return bool(part) and all(character.isalpha() for character in part)
