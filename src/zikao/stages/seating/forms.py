"""The shape of what officials type: hexadecimal digests and secrets."""

from __future__ import annotations

from django import forms

HEX_LENGTH = 64
_FIELD = {"autocomplete": "off", "spellcheck": "false", "class": "code"}


class CommitForm(forms.Form):
    """The digest of a secret that stays with the official."""

    digest = forms.CharField(
        label="承诺（SM3 摘要）",
        min_length=HEX_LENGTH,
        max_length=HEX_LENGTH,
        widget=forms.TextInput(attrs=_FIELD),
        help_text="64 位十六进制。离线运行 ./zikao verify seating --new-secret 可得到密数和承诺；不要在这里填密数。",
    )


class RevealForm(forms.Form):
    """The secret itself, after the list closed."""

    secret = forms.CharField(
        label="密数",
        min_length=HEX_LENGTH,
        max_length=HEX_LENGTH,
        widget=forms.TextInput(attrs=_FIELD),
        help_text="64 位十六进制，与报考截止前提交的承诺相符的那一个。",
    )
