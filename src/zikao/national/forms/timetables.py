"""The centre's timetable as a file, and whom it goes to."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.exchange.models import Peer
from zikao.foundation.provinces import node_title
from zikao.stages.programmes.forms.actions import ApplyForm, CorrectionForm, TimetableForm
from zikao.stages.programmes.forms.faults import has_unseen


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


class CourseKindForm(forms.Form):
    """A course, what it becomes, and from which day."""

    course_code = forms.RegexField(r"^[0-9]{5}$", label="课程代码", help_text="五位代码")
    course_name = forms.CharField(label="课程名称", max_length=60)
    national = forms.ChoiceField(label="调整为", choices=[("yes", "列为全国统考"), ("no", "不再全国统考")])
    since = forms.DateField(
        label="起始日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="这一天之后的考次起适用"
    )
    document = forms.CharField(label="文号", max_length=60)

    def clean(self) -> dict[str, Any]:
        """Without what nobody sees."""
        data = super().clean() or {}
        for name in ("course_name", "document"):
            if has_unseen(str(data.get(name, ""))):
                self.add_error(name, "含有看不见的控制字符，请重新键入。")
        return data


__all__ = ["ApplyForm", "CorrectionForm", "CourseKindForm", "IssueForm", "SendAgainForm"]
