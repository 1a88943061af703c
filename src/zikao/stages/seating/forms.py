"""The shape of what officials type: hexadecimal digests and secrets."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.stages.agencies.models import Agency

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


class PrintingForm(forms.Form):
    """Whose notices to prepare."""

    county_code = forms.ChoiceField(label="县区")

    def __init__(self, *args: Any, counties: list[Agency], **more: Any) -> None:
        super().__init__(*args, **more)
        county = self.fields["county_code"]
        assert isinstance(county, forms.ChoiceField)
        county.choices = [(each.code, f"{each.code} {each.name}") for each in counties]
