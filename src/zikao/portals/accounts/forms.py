"""The shapes of accounts, passwords and appointments."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.access.states import ClosingReason
from zikao.foundation.actors import STAFF_POSTS, Post
from zikao.stages.agencies.models import Agency

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
NEW_PASSWORD = {"autocomplete": "new-password"}
STRONG_ENOUGH = "至少10位，不要用常见密码、纯数字，也不要与用户名相近。"
DIFFERENT = "两次填写的新密码不一致。"
CENTRE = "centre"
"""How a form writes the code of the centre, which is an empty text."""


def post_choices() -> list[tuple[str, str]]:
    """The posts of staff in their order."""
    return [(post.value, post.label) for post in Post if post in STAFF_POSTS]


class AccountForm(forms.Form):
    """A new account of a member of staff."""

    username = forms.RegexField(
        label="用户名",
        regex=r"^[a-z][a-z0-9.-]{2,39}$",
        help_text="小写字母开头，可用数字、点和连字符，3至40位；一经开设不再更改",
        error_messages={"invalid": "用户名要以小写字母开头，只用小写字母、数字、点和连字符，3至40位。"},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(label="姓名", max_length=60)
    agency_code = forms.ChoiceField(label="所在机构")
    password = forms.CharField(
        label="初始密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=f"{STRONG_ENOUGH}请当面告知本人，本人登录后自行更改",
    )

    def __init__(self, *args: Any, agencies: list[Agency], root: str, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_agencies(self.fields["agency_code"], agencies, root)

    def clean_agency_code(self) -> str:
        """The centre's code is empty."""
        return _code(self.cleaned_data["agency_code"])


class ClosingForm(forms.Form):
    """Why an account is closed."""

    reason = forms.ChoiceField(label="注销原因", choices=ClosingReason.choices, widget=forms.RadioSelect)


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    new_password = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=STRONG_ENOUGH,
    )
    again = forms.CharField(
        label="再填一次新密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD)
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same; the command gets one."""
        data = super().clean() or {}
        if not self.errors and data.pop("again") != data["new_password"]:
            self.add_error("again", DIFFERENT)
        return data


class OwnPasswordForm(NewPasswordForm):
    """The old password, and the new one twice."""

    old_password = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password", "again")


class AppointmentForm(forms.Form):
    """A post of an agency, from a day until a day."""

    post = forms.TypedChoiceField(label="岗位", coerce=Post, choices=lambda: [("", "请选择"), *post_choices()])
    agency_code = forms.ChoiceField(label="任职机构")
    since_on = forms.DateField(label="起", widget=DATE)
    until_on = forms.DateField(label="止（不含当日）", widget=DATE, required=False, help_text="不定期的不填")

    def __init__(self, *args: Any, agencies: list[Agency], root: str, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_agencies(self.fields["agency_code"], agencies, root)

    def clean_agency_code(self) -> str:
        """The centre's code is empty."""
        return _code(self.cleaned_data["agency_code"])


class EndingForm(forms.Form):
    """From which day on the appointment is over."""

    until_on = forms.DateField(label="终止日（当日起不再任职）", widget=DATE)


def _offer_agencies(field: forms.Field, agencies: list[Agency], root: str) -> None:
    assert isinstance(field, forms.ChoiceField)
    own = [] if any(agency.code == root for agency in agencies) else [(root or CENTRE, "本机构")]
    field.choices = [*own, *((agency.code, f"{agency.code} {agency.name}") for agency in agencies)]


def _code(chosen: str) -> str:
    return "" if chosen == CENTRE else chosen
