"""Shapes of input of entering: windows, choices, payments at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from zikao.stages.entries.models import EntryPeriod
from zikao.stages.entries.states import Category, RateMode, Settlement
from zikao.stages.programmes.models import Sitting

LARGEST_STATEMENT = 128 * 1024 * 1024
_MOMENT = {"type": "datetime-local"}


class PeriodForm(forms.Form):
    """From when until when."""

    opens_at = forms.DateTimeField(label="报考开始", widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"))
    closes_at = forms.DateTimeField(
        label="报考截止",
        help_text="到这一刻为止，不含这一刻；应早于首场开考。",
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )


class WindowForm(PeriodForm):
    """A new window: of which sitting, and in which ways."""

    sitting_code = forms.ModelChoiceField(
        label="考次", queryset=Sitting.objects.filter(entry_window__isnull=True), to_field_name="code"
    )
    online = forms.BooleanField(label="开放网上报考", required=False, initial=True)
    on_site = forms.BooleanField(label="开放现场报考", required=False, initial=True)

    field_order = ("sitting_code", "opens_at", "closes_at", "online", "on_site")

    def clean_sitting_code(self) -> str:
        """The chosen sitting's code."""
        sitting: Sitting = self.cleaned_data["sitting_code"]
        return sitting.code


class MoveForm(PeriodForm):
    """Other times for a window, with the reason that candidates read."""

    reason = forms.CharField(
        label="调整原因", max_length=200, required=False, help_text="报考开始之后调整的必须填写；考生会看到。"
    )


class CategoryPeriodForm(PeriodForm):
    """A period for some categories of candidates."""

    title = forms.CharField(label="时段名称", max_length=40, help_text="如“首次报考考生现场确认”；同名的会被更新。")
    categories = forms.MultipleChoiceField(
        label="考生类别", choices=Category.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不选表示面向全部考生。",
    )  # fmt: skip
    online = forms.BooleanField(label="开放网上报考", required=False, initial=True)
    on_site = forms.BooleanField(label="开放现场报考", required=False, initial=True)

    field_order = ("title", "categories", "opens_at", "closes_at", "online", "on_site")


class DropPeriodForm(forms.Form):
    """Which period of a window falls away."""

    title = forms.ChoiceField(label="时段")

    def __init__(self, data: object = None, files: object = None, *, sitting_code: str, **kwargs: object) -> None:
        super().__init__(data, files, **kwargs)  # type: ignore[arg-type]
        titles = EntryPeriod.objects.filter(window__sitting__code=sitting_code).values_list("title", flat=True)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(title, title) for title in titles]


class PlacesForm(forms.Form):
    """Which share of the usable seats may be entered for."""

    percent = forms.IntegerField(
        label="开放比例（%）", min_value=1, max_value=100, initial=100,
        help_text="按考试当日可用考点的座位数计算；已占用的名额不会减少。",
    )  # fmt: skip


class WaitingRoomForm(forms.Form):
    """How many are let in each minute."""

    mode = forms.ChoiceField(label="放行方式", choices=RateMode.choices)
    rate_a_minute = forms.IntegerField(label="每分钟放行（人）", min_value=0, max_value=100_000)


class ReviewForm(forms.Form):
    """Why money goes back."""

    reason = forms.CharField(label="核对结果", max_length=200)


class VoucherForm(forms.Form):
    """The paper of money handed back."""

    voucher = forms.CharField(label="退款凭证号", max_length=40)


class StatementForm(forms.Form):
    """A day's statement of the gateway; without a file it is asked for."""

    on = forms.DateField(label="对账日", widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label="对账单文件", required=False, help_text="不上传的，由系统向支付渠道索取。")

    def clean_file(self) -> UploadedFile[Any] | None:
        """Not larger than the statement of a million movements."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST_STATEMENT:
            raise forms.ValidationError("对账单文件超过 128 MB，不是一天的对账单。请核对文件。")
        return file


class SettlementForm(forms.Form):
    """What is to be done about a difference."""

    settlement = forms.ChoiceField(label="处理", choices=Settlement.choices)
    reason = forms.CharField(label="说明", max_length=200)


class ChoiceForm(forms.Form):
    """The chosen papers and the area; what may be chosen is asked of the law, not here."""

    papers = forms.TypedMultipleChoiceField(label="课程", coerce=int, required=False)
    area_code = forms.CharField(label="考区", max_length=12)
    site_code = forms.CharField(label="意向考点", max_length=12, required=False)

    def __init__(self, data: object = None, *, paper_ids: list[int], **kwargs: object) -> None:
        super().__init__(data, **kwargs)  # type: ignore[arg-type]
        papers = self.fields["papers"]
        assert isinstance(papers, forms.TypedMultipleChoiceField)
        papers.choices = [(str(each), str(each)) for each in paper_ids]


class CounterPaymentForm(forms.Form):
    """Money taken at the counter."""

    order_number = forms.CharField(label="收费票据号", max_length=40)
    amount_yuan = forms.DecimalField(label="实收金额（元）", min_value=0, max_digits=7, decimal_places=2)
