"""States of keys, cards, doubts and marking tasks, and the words for why a card or an item goes to people."""

from __future__ import annotations

from django.db import models


class KeyState(models.TextChoices):
    ENTERED = "entered", "已录入"
    REVIEWED = "reviewed", "已审核"
    SIGNED = "signed", "已签字加密"
    REPLACED = "replaced", "已被替换"


KEY_TRANSITIONS: dict[KeyState, frozenset[KeyState]] = {
    KeyState.ENTERED: frozenset({KeyState.REVIEWED, KeyState.SIGNED, KeyState.REPLACED}),
    KeyState.REVIEWED: frozenset({KeyState.SIGNED, KeyState.REPLACED}),
}


class QuestionKind(models.TextChoices):
    OBJECTIVE = "objective", "选择题"
    SUBJECTIVE = "subjective", "非选择题"


class CardState(models.TextChoices):
    RECEIVED = "received", "已扫描"
    READ = "read", "识读一致"
    DOUBTFUL = "doubtful", "存疑"
    RESOLVED = "resolved", "存疑已裁定"
    SET_ASIDE = "set-aside", "搁置"
    DISMISSED = "dismissed", "不计入"


CARD_TRANSITIONS: dict[CardState, frozenset[CardState]] = {
    CardState.RECEIVED: frozenset({CardState.READ, CardState.DOUBTFUL, CardState.SET_ASIDE}),
    CardState.DOUBTFUL: frozenset({CardState.RESOLVED}),
    CardState.SET_ASIDE: frozenset({CardState.RESOLVED, CardState.DISMISSED}),
}


class TaskState(models.TextChoices):
    OPEN = "open", "待评"
    TAKEN = "taken", "评阅中"
    DONE = "done", "已评"


class CorrectedField(models.TextChoices):
    BARCODE = "barcode", "条形码（准考证号）"


class DataCorrectionState(models.TextChoices):
    PROPOSED = "proposed", "待专职人员确认"
    APPLIED = "applied", "已确认并修改"
    REFUSED = "refused", "不予修改"


DATA_CORRECTION_TRANSITIONS: dict[DataCorrectionState, frozenset[DataCorrectionState]] = {
    DataCorrectionState.PROPOSED: frozenset({DataCorrectionState.APPLIED, DataCorrectionState.REFUSED}),
}

REASONS: dict[str, str] = {
    "unreadable": "图像损坏或分辨率不足",
    "no-corners": "定位标记缺失（缺损、折叠或不是答题卡）",
    "foreign-form": "不是本科目的答题卡",
    "no-barcode": "条形码不能识读",
    "wrong-course": "课程不符",
    "damaged": "填涂区大面积不能判读",
    "duplicate": "与已有答题卡重复",
    "unknown-seat": "没有对应的座位",
    "faint": "填涂过浅或不完整",
    "double": "填涂两个以上选项",
    "rival": "另一选项有较重痕迹",
    "unprinted": "看不到印制的选项框",
    "no-paper": "周围没有可比较的空白",
    "different": "两次识读不一致",
    "absent-mark": "缺考标记不清，或与考场记录、作答情况不一致",
}
