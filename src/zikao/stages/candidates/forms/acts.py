"""The small forms: find, suspend, pledge."""

from __future__ import annotations

from django import forms


class FindForm(forms.Form):
    """The whole ID number of one person."""

    id_number = forms.CharField(
        label="身份证件号码", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
    )


class SuspensionForm(forms.Form):
    """The decision that suspends a candidate."""

    reference = forms.CharField(label="处理决定文号", max_length=80)
    since_on = forms.DateField(label="停考起", widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label="停考止（不含当日）", help_text="自这一日起恢复报名报考。", widget=forms.DateInput(attrs={"type": "date"})
    )


class SuspensionByNumberForm(SuspensionForm):
    """The same for somebody who is not registered here."""

    id_number = forms.CharField(
        label="身份证件号码",
        max_length=30,
        help_text="对照处理决定填写。没有在本省注册的人也可以登记，以后在任何省报名都会被查到。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    field_order = ("id_number", "reference", "since_on", "until_on")


class PledgeForm(forms.Form):
    """The candidate's own word."""

    agreed = forms.BooleanField(
        label="我已阅读并同意上述承诺",
        error_messages={"required": "请先阅读承诺书，勾选后再提交。"},
    )


class PasswordForm(forms.Form):
    """A new password, typed by the candidate."""

    candidate_password = forms.CharField(
        label="新密码",
        help_text="由考生本人输入，不少于10位。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
