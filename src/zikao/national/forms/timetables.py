"""The centre's timetable as a file, and whom it goes to."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.exchange.models import Peer
from zikao.foundation.provinces import node_title
from zikao.stages.programmes.forms.actions import ApplyForm, CorrectionForm, TimetableForm


class _Receivers(forms.Form):
    """The nodes that receive it."""

    to = forms.MultipleChoiceField(label="发往", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        codes = list(Peer.objects.exclude(code="national").order_by("code").values_list("code", flat=True))
        to = self.fields["to"]
        assert isinstance(to, forms.MultipleChoiceField)
        to.choices = [(code, node_title(code)) for code in codes]
        to.initial = codes


class IssueForm(TimetableForm, _Receivers):
    """A timetable file, of which the national courses are issued, and the nodes that receive it."""

    field_order = ("timetable", "to")


class SendAgainForm(_Receivers):
    """The nodes that receive it once more; none is chosen beforehand."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].initial = []


__all__ = ["ApplyForm", "CorrectionForm", "IssueForm", "SendAgainForm"]
