"""The small forms of records."""

from __future__ import annotations

from django import forms


class LostForm(forms.Form):
    """How the certificate was lost."""

    reason = forms.CharField(label="遗失情况", max_length=200, help_text="例如“本人书面申请，搬家时遗失”。写入账本。")
