"""The shapes of a signature, a refusal, a withdrawal, a delegation."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.access.models import Account
from zikao.foundation.pages.proving import SecretForm
from zikao.foundation.regulation.chains import chains

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LONG = forms.Textarea(attrs={"rows": 3})


class SigningForm(SecretForm):
    """Agreed, with a remark where one is wanted."""

    comment = forms.CharField(label="审批意见", max_length=500, required=False, widget=LONG, initial="同意。")
    field_order = ("comment", "secret", "code")


class RefusalForm(SecretForm):
    """Not agreed, with the reason."""

    comment = forms.CharField(label="不同意的理由", max_length=500, widget=LONG, help_text="提出人会看到这一理由")
    field_order = ("comment", "secret", "code")


class WithdrawalForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label="撤回的理由", max_length=500, widget=LONG)


class DelegationForm(forms.Form):
    """Who signs in my place, for which matters, from when to when."""

    delegate_id = forms.TypedChoiceField(label="受托人", coerce=int)
    chain = forms.ChoiceField(label="审批事项", help_text="只列出规定允许委托的事项")
    since_on = forms.DateField(label="起", widget=DATE)
    until_on = forms.DateField(label="止（不含当日）", widget=DATE)
    reason = forms.CharField(label="委托的原因", max_length=500, widget=LONG)

    def __init__(
        self, *args: Any, colleagues: list[Account], chains_offered: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        people, matters = self.fields["delegate_id"], self.fields["chain"]
        assert isinstance(people, forms.ChoiceField)
        assert isinstance(matters, forms.ChoiceField)
        people.choices = [("", "请选择"), *((each.pk, each.name) for each in colleagues)]
        matters.choices = [("", "请选择"), *chains_offered]


class PeriodForm(forms.Form):
    """A period of local days, until exclusive."""

    since_on = forms.DateField(label="起", widget=DATE)
    until_on = forms.DateField(label="止（不含当日）", widget=DATE)


class ReviewForm(PeriodForm):
    """Who of the discipline inspection took part, what they found, and the signed record."""

    inspectors = forms.CharField(label="纪检监察部门参加人员", max_length=500, help_text="写明单位、姓名、职务")
    findings = forms.CharField(label="审查意见", max_length=2000, widget=LONG)
    minutes = forms.FileField(
        label="双方签字的审查记录",
        required=False,
        help_text="PDF 扫描件",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def clean_minutes(self) -> bytes:
        """The file's bytes; a PDF or nothing."""
        file = self.cleaned_data.get("minutes")
        data = bytes(file.read()) if file else b""
        if data and not data.startswith(b"%PDF"):
            raise forms.ValidationError("审查记录须是 PDF 文件。")
        return data


def chain_choices() -> list[tuple[str, str]]:
    """All chains by their Chinese names, for filters."""
    return [(chain.name, chain.title) for chain in chains()]
