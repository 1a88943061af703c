"""What duties are paid: rates of the province by day, sheets, and lines that are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.agencies.models import Site
from zikao.stages.personnel.models.people import Person
from zikao.stages.personnel.states import PayBasis, PayState, PostKind


class PayRate(models.Model):
    """The province's rate for a post from a day on; the latest that began holds."""

    agency_code = models.CharField("省", max_length=12, db_collation="C")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    basis = models.CharField("计酬单位", max_length=8, choices=PayBasis.choices)
    rate_fen = models.PositiveIntegerField("标准（分）")
    since_on = models.DateField("起")
    document = models.CharField("文号", max_length=60)
    set_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["agency_code", "post_kind", "-since_on"]
        verbose_name = "劳务标准"
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "post_kind", "since_on"], name="rate_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_kind_display()} {self.rate_fen / 100:.2f} 元{self.get_basis_display()}"


class PaySheet(models.Model):
    """The pay of a sitting at a site, or (no site) of a province's marking."""

    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_sheets")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    state = models.CharField("状态", max_length=10, choices=PayState.choices, default=PayState.DRAWN)
    total_fen = models.IntegerField("合计（分）")
    paid_fen = models.IntegerField("已发放（分）", default=0)
    drawn_at = models.DateTimeField("编制时间")
    drawn_by = models.CharField("编制人", max_length=60)
    drawn_by_account = models.BigIntegerField("编制账号", null=True)
    approved_at = models.DateTimeField("审批时间", null=True, blank=True)
    approved_by = models.CharField("审批人", max_length=60, blank=True)
    paid_at = models.DateTimeField("发放时间", null=True, blank=True)
    voucher = models.CharField("付款凭证号", max_length=60, blank=True)

    class Meta:
        ordering = ["sitting_code", "agency_code", "id"]
        verbose_name = "劳务报酬表"
        constraints = [
            models.UniqueConstraint(fields=["sitting_code", "site"], name="pay_sheet_once_a_site"),
            models.UniqueConstraint(
                fields=["sitting_code", "agency_code"], condition=Q(site__isnull=True), name="pay_sheet_once_marking"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_fen=F("total_fen"), paid_at__isnull=False) & ~Q(voucher=""),
                name="pay_sheet_paid_in_full",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.site or '评卷'}"


class PayLine(models.Model):
    """What a person gets for a post; a correction is a new line that names the line it corrects (append-only)."""

    sheet = models.ForeignKey(PaySheet, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pay_lines")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    basis = models.CharField("计酬单位", max_length=8, choices=PayBasis.choices)
    quantity = models.IntegerField("数量")
    rate_fen = models.PositiveIntegerField("标准（分）")
    amount_fen = models.IntegerField("金额（分）")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField("更正原因", max_length=200, blank=True)
    added_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["sheet_id", "id"]
        verbose_name = "劳务报酬"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen=F("quantity") * F("rate_fen")), name="pay_line_multiplies"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, quantity__gt=0) | Q(corrects__isnull=False) & ~Q(reason=""),
                name="pay_line_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_kind_display()} {self.amount_fen / 100:.2f} 元"
