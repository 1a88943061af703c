"""When a resident ID number is accepted, what it says of birth and sex, and the shape of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.foundation.resident_id import birth_date, check_character, is_shaped
from zikao.stages.candidates.states import DocumentKind

FIRST_DAY = date(2020, 9, 27)
_SEPARATOR = "\u00b7"
_LOOKALIKES = frozenset("\u2022\u30fb\uff0e\u2027\u22c5\u2219\u318d.")
_ZERO = "\u3007"  # 〇 is a word of names, and a numeral to Unicode
_IDEOGRAPHS = range(0x20000, 0x3FFFE)  # planes 2 and 3: also those that GB 18030 took in after this Python was made
_SHOWN = 3

IDENTITY_NUMBER = Rule("candidates.identity-number", title="居民身份证号码")
IDENTITY_AGREES = Rule("candidates.identity-agrees", title="出生日期、性别与居民身份证一致")
IDENTITY_DOCUMENT = Rule("candidates.identity-document", title="报名使用的身份证件")
BIRTH = Rule("candidates.birth-date", title="出生日期的范围")
IDENTITY_EVIDENCE = Rule("candidates.identity-evidence", title="身份信息更正的证明材料")
NAME = Rule("candidates.name", title="姓名的写法")

_KINDS = frozenset(DocumentKind.values)
_OTHER_KINDS = tuple(kind for kind in DocumentKind.values if kind != DocumentKind.RESIDENT)


def accepted_documents(province: str, on: date) -> list[str]:
    """The resident card, which is the regulation's, and the other kinds that the province takes on that day."""
    taken = [kind for kind in _OTHER_KINDS if parameter(f"identity-document-{kind}").on(on, province=province)]
    return [DocumentKind.RESIDENT.value, *taken]


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
    accepted = accepted_documents(province, on)
    shape = parameter("identity-document-shapes").on(on).get(kind)
    named = [DocumentKind(each).label for each in accepted]
    label = DocumentKind(kind).label if kind in _KINDS else kind
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
        decide("EA-13.1", born_on == birth_date(id_number), "birth-differs", born_on=born_on),
        decide("EA-13.1", sex == said, "sex-differs"),
    )


@BIRTH.version("EA-13.1", since=FIRST_DAY)
def _(*, born_on: date, on: date) -> Decision:
    """No age keeps anybody out (EA-12.1): beyond the oldest that anybody is, a year was mistyped."""
    oldest = parameter("oldest-age").on(on)
    return all_of(
        decide("EA-13.1", born_on <= on, "birth-in-future", born_on=born_on, on=on),
        decide("EA-13.1", on.year - born_on.year <= oldest, "birth-implausible", born_on=born_on, oldest=oldest),
    )


@IDENTITY_EVIDENCE.version("SR-10.3", since=FIRST_DAY)
def _(*, media_type: str, size: int, on: date) -> Decision:
    asked = parameter("identity-evidence").on(on)
    fits = media_type in asked["types"] and size <= asked["largest"]
    facts = {"media_type": media_type or "不明", "size": size, "largest": asked["largest"]}
    return decide("SR-10.3", fits, "identity-evidence-unfit", **facts)


@NAME.version("EA-13.1", since=FIRST_DAY)
def _(*, name: str, on: date) -> Decision:
    longest = parameter("name-length-maximum").on(on)
    made_up = [each for each in name if unicodedata.category(each) == "Co"]
    strange = [each for each in name if not _is_letter(each) and each not in {*_LOOKALIKES, *made_up, _SEPARATOR, " "}]
    misplaced = not strange and not made_up and not _LOOKALIKES & set(name) and _misplaced(name)
    found = "间隔号或空格的位置不当" if misplaced else f"有{_named(strange)}"
    return all_of(
        decide("EA-13.1", 2 <= len(name) <= longest, "name-length", length=len(name), longest=longest),
        decide("EA-13.1", not _LOOKALIKES & set(name), "name-separator"),
        decide("EA-13.1", not strange and not misplaced, "name-characters", found=found),
        decide("EA-13.1", not made_up, "name-private-use", found=_named(made_up)),
    )


def _is_letter(character: str) -> bool:
    return character.isalpha() or character == _ZERO or ord(character) in _IDEOGRAPHS


def _is_han(character: str) -> bool:
    return ord(character) in _IDEOGRAPHS or unicodedata.name(character, "").startswith("CJK ") or character == _ZERO


def _misplaced(name: str) -> bool:
    """An empty part between separators, or a space beside a Chinese character, which none of their names has."""
    if not all(re.split(f"[{_SEPARATOR} ]", name)):
        return True
    return any(_is_han(each) for part in re.findall("(?s)(?=(. .))", name) for each in (part[0], part[2]))


def _named(characters: Sequence[str]) -> str:
    """What cannot be seen, or looks alike, is told by its code point."""
    shown = [f"“{each}”" if each.isprintable() and each != " " else f"U+{ord(each):04X}" for each in characters]
    return "、".join(dict.fromkeys(shown[:_SHOWN])) + ("等" if len(shown) > _SHOWN else "")
