"""One room: admission at the door, the seats as toggles, hand-in, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from zikao.stages.personnel.models import Person
from zikao.stages.seating.models import Seat


class AdmitForm(forms.Form):
    """The documents seen at the door."""

    admission_card = forms.BooleanField(label="准考证", required=False)
    notice = forms.BooleanField(label="考试通知单", required=False)
    identity_document = forms.BooleanField(
        label="有效居民身份证或省里规定的其他有效证件，本人与照片相符", required=False
    )


class HandInForm(forms.Form):
    """A candidate leaves."""

    handwriting_taken = forms.BooleanField(label="已采集笔迹", required=False, initial=True)


class MarkForm(forms.Form):
    """The seats of a room as toggles: who is absent, who gave no handwriting."""

    absent = forms.MultipleChoiceField(label="缺考的座位", widget=forms.CheckboxSelectMultiple, required=False)
    no_handwriting = forms.MultipleChoiceField(
        label="到考但没有采集笔迹的座位", widget=forms.CheckboxSelectMultiple, required=False
    )
    documents_checked = forms.BooleanField(label="到考考生的准考证、考试通知单和有效身份证件都已核验", required=False)

    def __init__(self, *args: Any, seats: Sequence[Seat], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(str(seat.number), f"{seat.number:02d} {seat.entry.candidate.name}") for seat in seats]
        for name in ("absent", "no_handwriting"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
            field.widget.attrs["class"] = "seat-toggles"

    def clean(self) -> dict[str, Any]:
        """Seat numbers as the command takes them."""
        data = super().clean() or {}
        for name in ("absent", "no_handwriting"):
            data[name] = frozenset(int(number) for number in data.get(name, ()))
        return data


class SignForm(forms.Form):
    """Who answers for the room's record."""

    invigilators = forms.MultipleChoiceField(label="签字的监考员", widget=forms.CheckboxSelectMultiple, required=False)
    remarks = forms.CharField(
        label="考场情况",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="试卷差错、更正、违规、突发情况和处理经过，如实填写",
    )

    def __init__(self, *args: Any, persons: Sequence[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["invigilators"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(person.pk), f"{person.name}（{person.unit}）") for person in persons]

    def clean(self) -> dict[str, Any]:
        """Persons' ids as the command takes them."""
        data = super().clean() or {}
        data["invigilators"] = tuple(int(pk) for pk in data.get("invigilators", ()))
        return data
