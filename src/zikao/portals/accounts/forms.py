"""The shapes of accounts, passwords and appointments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from zikao.foundation.access import passkeys
from zikao.foundation.access.models import Account
from zikao.foundation.access.password_rules import requirement
from zikao.foundation.access.second_factor import factors_of
from zikao.foundation.access.states import ClosingReason, ResetReason
from zikao.foundation.actors import STAFF_POSTS, Post
from zikao.stages.agencies.models import Agency

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
NEW_PASSWORD = {"autocomplete": "new-password"}
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
    )

    def __init__(self, *args: Any, agencies: list[Agency], root: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["password"].help_text = f"{requirement()}请当面告知本人，本人首次登录时须自行更改"
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
    )
    again = forms.CharField(
        label="再填一次新密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD)
    )

    def __init__(self, *args: Any, account: Account | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["new_password"].help_text = requirement(account)

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


class CodeForm(forms.Form):
    """A dynamic code, or a recovery code."""

    def __init__(self, *args: Any, only_recovery: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if only_recovery:
            self.fields["code"].label, self.fields["code"].help_text = "备用码", "通行密钥不在身边时，输入一个备用码"

    code = forms.CharField(
        label="动态码",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text="六位数字；没有手机在身边的，输入一个备用码",
    )


class NewCodeForm(CodeForm):
    """The first code of a new secret."""

    code = forms.CharField(
        label="动态码",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="应用里现在显示的六位数字",
    )


class PasskeyForm(forms.Form):
    """What a passkey is called, and what the device answered (filled in by the page's script)."""

    name = forms.CharField(label="给它起个名字", max_length=40, help_text="例如“办公室的安全密钥”")
    passkey = forms.CharField(
        widget=forms.HiddenInput, max_length=20_000, error_messages={"required": "设备没有回应。"}
    )


class ProofForm(forms.Form):
    """Who is signed in shows again that it is them: password, and a code where there is a second factor."""

    secret = forms.CharField(
        label="您的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="动态码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        help_text="六位数字，或一个备用码；刚用过的动态码要等下一个",
    )

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        asking = passkeys.asking(request, account)
        if not factors_of(account):
            del self.fields["code"]
        elif asking:
            self.fields["code"].required = False
            self.fields["signed"] = forms.CharField(
                required=False, max_length=20_000, widget=forms.HiddenInput(attrs=asking)
            )

    def add_prefix(self, field_name: str) -> str:
        """The page's script knows the field by one name, whatever else the form asks."""
        return "passkey" if field_name == "signed" else super().add_prefix(field_name)


class NewTotpForm(ProofForm):
    """A proof with what is there, and the first code of the new secret."""

    new_code = forms.CharField(
        label="新的动态码",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text="应用里现在显示的六位数字",
    )
    field_order = ("new_code", "secret", "code")


class NewPasskeyForm(ProofForm):
    """A proof with what is there, and what the device answered."""

    name = forms.CharField(label="给它起个名字", max_length=40, help_text="例如“办公室的安全密钥”")
    passkey = forms.CharField(
        widget=forms.HiddenInput, max_length=20_000, error_messages={"required": "设备没有回应。"}
    )
    field_order = ("name", "secret", "code", "passkey")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # the device is busy making a key, so a code shows who has a second factor already
        if self.fields.pop("signed", None) is not None:
            self.fields["code"].required = True
            self.fields["code"].help_text = "六位数字；没有设置动态码的，输入一个备用码"


class ResetForm(forms.Form):
    """Why somebody's second factors are taken away."""

    reason = forms.ChoiceField(label="原因", choices=ResetReason.choices, widget=forms.RadioSelect)


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
