"""Forms of learning accounts."""

from __future__ import annotations

from typing import Any

from django import forms


class FindAccountForm(forms.Form):
    """The whole ID number of one person."""

    id_number = forms.CharField(
        label="身份证件号码", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReviewForm(forms.Form):
    """Why, and the papers."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label="材料", help_text="能说明是同一人（或不是同一人）的材料。")


class MergingForm(ReviewForm):
    """The other account."""

    other = forms.CharField(label="并入这个账户的另一学习账号", max_length=24)
    field_order = ("other", "reason", "evidence")


def review_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The answers with the file read."""
    file = data.pop("evidence")
    return {**data, "evidence": file.read(), "evidence_type": file.content_type or "application/octet-stream"}
