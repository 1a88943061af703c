"""How far an export is, who gets it, and in which form."""

from django.db.models import TextChoices


class ExportState(TextChoices):
    REQUESTED = "requested", "待批准"
    APPROVED = "approved", "已批准，正在生成"
    MADE = "made", "可以领取"
    COLLECTED = "collected", "已领取"
    EXPIRED = "expired", "已过期"
    REFUSED = "refused", "不予导出"


TRANSITIONS: dict[ExportState, frozenset[ExportState]] = {
    ExportState.REQUESTED: frozenset({ExportState.APPROVED, ExportState.REFUSED, ExportState.EXPIRED}),
    ExportState.APPROVED: frozenset({ExportState.MADE, ExportState.REFUSED, ExportState.EXPIRED}),
    ExportState.MADE: frozenset({ExportState.COLLECTED, ExportState.EXPIRED}),
    ExportState.COLLECTED: frozenset(),
    ExportState.EXPIRED: frozenset(),
    ExportState.REFUSED: frozenset(),
}


class Recipient(TextChoices):
    OWN = "own", "本机构工作使用"
    AGENCY = "agency", "考试系统内的其他机构"
    OUTSIDE = "outside", "考试系统以外的单位或个人"


class Form(TextChoices):
    PDF = "pdf", "PDF（每页有水印）"
    CSV = "csv", "CSV 表格（没有水印）"


class Consent(TextChoices):
    NONE = "", "不涉及"
    MINISTRY = "ministry", "教育部"
    PROVINCE = "province", "省级教育行政部门"
