"""The shape of what is typed at the doors."""

from __future__ import annotations

from django import forms


class StaffSignIn(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label="用户名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CandidateSignIn(StaffSignIn):
    """Admission number and password."""

    username = forms.CharField(
        label="准考证号",
        max_length=40,
        help_text="12 位数字，印在准考证上。",
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "numeric"}),
    )
