"""Why a registration is revoked."""

from __future__ import annotations

from django import forms


class RevokeForm(forms.Form):
    """The reason, which the province and the history show."""

    reason = forms.CharField(
        label="撤销的理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明查实的事实和处理决定的文号。撤销不能撤回。",
    )
