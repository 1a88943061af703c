"""An export: what, why, for whom, by which approval, and every copy that left.

What was asked for never changes (migration 0002): a wider filter or one more column is another export.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.exports.states import Consent, ExportState, Form, Recipient


class ExportCounter(models.Model):
    """The last number given in a year."""

    year = models.IntegerField("年", unique=True)
    last = models.IntegerField("最后编号")

    class Meta:
        verbose_name = "导出编号"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Export(models.Model):
    """`what` is the digest of everything that was asked for; `clear` are the personal columns shown in full."""

    number = models.CharField("编号", max_length=30, unique=True)
    year = models.IntegerField("年")
    serial = models.IntegerField("序号")
    dataset = models.CharField("名单", max_length=60)
    title = models.CharField("名称", max_length=80)
    params = models.JSONField("筛选条件", default=dict)
    told = models.JSONField("筛选条件的说明", default=list)
    columns = models.JSONField("栏目", default=list)
    clear = models.JSONField("完整显示的个人信息栏", default=list)
    rows_count = models.IntegerField("申请时行数")
    form = models.CharField("格式", max_length=4, choices=Form.choices)
    copies_count = models.IntegerField("份数")
    purpose = models.CharField("用途", max_length=300)
    recipient = models.CharField("提供给", max_length=10, choices=Recipient.choices)
    recipient_name = models.CharField("接收单位或个人", max_length=100, blank=True)
    consent = models.CharField("同意机关", max_length=10, choices=Consent.choices, blank=True)
    consent_number = models.CharField("同意文号", max_length=60, blank=True)
    letter = models.CharField("同意函", max_length=64, blank=True, db_collation="C")
    what = models.BinaryField("内容摘要", max_length=32)
    requested_by = models.BigIntegerField("申请人账号")
    requester_name = models.CharField("申请人", max_length=60)
    requester_post = models.CharField("申请人岗位", max_length=30)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    requested_at = models.DateTimeField("申请时间")
    approval_id = models.BigIntegerField("签批", null=True, blank=True)
    work_id = models.BigIntegerField("任务", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ExportState.choices)
    refused_reason = models.CharField("不予导出的原因", max_length=300, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    made_at = models.DateTimeField("生成时间", null=True, blank=True)
    made_rows = models.IntegerField("实际行数", null=True, blank=True)
    expires_at = models.DateTimeField("领取截止", null=True, blank=True)

    class Meta:
        verbose_name = "导出"
        ordering = ["-id"]
        indexes = [
            models.Index("agency_code", "id", name="export_by_agency"),
            models.Index("requested_by", "id", name="export_by_requester"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="export_number_once"),
            models.CheckConstraint(condition=Q(copies_count__gte=1, rows_count__gte=0), name="export_counts"),
            models.CheckConstraint(
                condition=~Q(recipient="outside") | Q(approval_id__isnull=False) & ~Q(letter="") & ~Q(consent=""),
                name="export_outside_has_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["made", "collected"])
                | Q(made_at__isnull=False, expires_at__gt=F("made_at"), made_rows__isnull=False),
                name="export_made_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ExportCopy(models.Model):
    """One copy of an export: its file in the encrypted storage, its digest outside, its mark in the page."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="copies")
    number = models.IntegerField("份号")
    mark = models.BigIntegerField("水印", unique=True)
    digest = models.CharField("文件摘要", max_length=64, unique=True, db_collation="C")
    size = models.BigIntegerField("字节数")
    collected_at = models.DateTimeField("领取时间", null=True, blank=True)
    collected_by = models.BigIntegerField("领取人账号", null=True, blank=True)

    class Meta:
        verbose_name = "导出份"
        ordering = ["export_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_copy_once"),
            models.CheckConstraint(condition=Q(mark__gte=0, mark__lt=2**32), name="export_mark_has_32_bits"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} 第 {self.number} 份"
