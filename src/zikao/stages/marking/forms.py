"""The shape of what people enter: questions, key, scans, rulings, marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zikao.stages.marking.cards.layout import MOST_ITEMS
from zikao.stages.marking.commands.keys import WrittenQuestion
from zikao.stages.personnel.models import Certificate


class QuestionsForm(forms.Form):
    """How many objective items of what worth, and the written questions, one a line."""

    objective = forms.IntegerField(label="选择题题数", min_value=0, max_value=MOST_ITEMS)
    points = forms.DecimalField(label="选择题每题分值", min_value=Decimal("0.1"), decimal_places=1, required=False)
    written = forms.CharField(
        label="非选择题",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "20 双评 4\n10"}),
        help_text="每行一题：满分；双评的题在后面写“双评”和差值阈限，例如“20 双评 4”。",
    )

    def clean_written(self) -> list[WrittenQuestion]:
        """The lines as questions."""
        lines = [line for line in self.cleaned_data["written"].splitlines() if line.strip()]
        return [_written(number, line) for number, line in enumerate(lines, start=1)]


def _written(number: int, line: str) -> WrittenQuestion:
    parts = line.split()
    try:
        if len(parts) == 1:
            return WrittenQuestion(Decimal(parts[0]))
        if len(parts) == 3 and parts[1] == "双评":
            return WrittenQuestion(Decimal(parts[0]), double=True, threshold=Decimal(parts[2]))
    except InvalidOperation:
        pass
    raise forms.ValidationError(f"第{number}行看不懂：“{line}”。应为“满分”或“满分 双评 阈限”。")


class KeyGrid(forms.Widget):
    """One box a question, ten a row; letters go on by themselves where scripts run."""

    def __init__(self, items: int) -> None:
        super().__init__()
        self.items = items

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The grid."""
        letters = str(value or "").ljust(self.items)
        boxes = format_html_join(
            "",
            '<label><span>{}</span><input name="{}_{}" value="{}" maxlength="1" size="1" autocomplete="off" '
            'autocapitalize="characters" pattern="[A-Da-d]" aria-label="第{}题"></label>',
            ((at + 1, name, at + 1, letters[at].strip(), at + 1) for at in range(self.items)),
        )
        return format_html('<div class="key-grid" id="{}">{}</div>', (attrs or {}).get("id", name), boxes)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """The letters as one text; an empty box is a space."""
        boxes = (str(data.get(f"{name}_{at + 1}", "")).strip().upper() or " " for at in range(self.items))
        return "".join(boxes)


class KeyForm(forms.Form):
    """The right options of all objective questions."""

    def __init__(self, *args: Any, items: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["answers"] = forms.CharField(
            label="正确选项", strip=False, widget=KeyGrid(items), help_text="每题填 A、B、C 或 D。"
        )


class SignForm(forms.Form):
    """The digest of the key as the reviewer saw it."""

    digest = forms.CharField(widget=forms.HiddenInput)
    checked = forms.BooleanField(label="我已逐题核对正确选项及分值，确认无误。")


class _Pictures(forms.ClearableFileInput):
    allow_multiple_selected = True


class _PicturesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> Any:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(_PicturesField, self).clean(file, initial).read() for file in files]


class ScansForm(forms.Form):
    """A stack of scanned pictures."""

    images = _PicturesField(
        label="扫描图像",
        widget=_Pictures(attrs={"accept": "image/jpeg"}),
        help_text="灰度 JPEG，150 dpi 以上，可多选。",
    )


class PlaceForm(forms.Form):
    """Whose card a set-aside one is."""

    admission_number = forms.CharField(
        label="准考证号", required=False, max_length=12, help_text="不计入的答题卡（重复、外来）留空。"
    )
    answers = forms.CharField(
        label="填涂选项",
        required=False,
        max_length=60,
        help_text="按题号顺序录入 A、B、C、D；空白填“-”，多涂填“*”。不计入的留空。",
    )
    note = forms.CharField(label="认定依据", max_length=200)


class DataCorrectionForm(forms.Form):
    """A card whose data other than the answers were misread."""

    batch_number = forms.IntegerField(label="批号", min_value=1)
    card_number = forms.IntegerField(label="批内序号", min_value=1)
    admission_number = forms.RegexField(r"^\s*\d{12}\s*$", label="正确的准考证号", max_length=20, strip=True)
    reason = forms.CharField(label="修改原因", max_length=200, help_text="例如：条形码污损，两台识读机误读末位")


class RefuseDataForm(forms.Form):
    """Why a change is not made."""

    why = forms.CharField(label="不予修改的理由", max_length=200)


class TakingBackForm(forms.Form):
    """Why a script is taken back."""

    reason = forms.CharField(label="原因", max_length=200)


class MarkerForm(forms.Form):
    """A teacher to be appointed."""

    account_id = forms.TypedChoiceField(
        label="评卷员", coerce=int, help_text="今天持有评卷员有效上岗证、已关联登录账户的人员；没有的，先培训发证"
    )
    name = forms.CharField(label="姓名", max_length=60)
    title = forms.CharField(label="职称", max_length=20)
    university_teacher = forms.BooleanField(label="是高校教师", required=False)
    interest = forms.BooleanField(label="有直系亲属参加本次考试，或有其他利害关系", required=False)
    secrecy_signed_on = forms.DateField(
        label="保密教育签字日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, held: Sequence[Certificate] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["account_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (each.person.account_id, f"{each.person}　上岗证 {each.number}，有效至 {each.last_day}") for each in held
        ]


class MarkForm(forms.Form):
    """Points earned for the question in hand."""

    points = forms.DecimalField(label="得分", max_digits=4)


class RubricForm(forms.Form):
    """The rubric's text."""

    text = forms.CharField(
        label="评分细则",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off"}),
        help_text="逐题写明给分点。加密保存，不进入日志和账本。",
    )
