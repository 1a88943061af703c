"""Template tags of every page: `{% load zikao %}`.

{% clause "EA-14" %}   chip that opens the clause     {% pill pill %}  {% pill "已缴费" "done" %}
{% value cell %}       a Fact or a Cell by its kind   {% show value "money" %}
filters                day, moment, since, money, masked, node_title
{% field form.name %}  label, hint, error, control    {% asset "zikao/zikao.css" %}  address with its digest
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.urls import reverse
from django.utils.safestring import SafeString

from zikao.foundation.pages import assets, drawing, formats
from zikao.foundation.pages.doors import Doors
from zikao.foundation.pages.parts import Pill
from zikao.foundation.provinces import node_title

register = template.Library()

register.filter("day", formats.day_text)
register.filter("money", formats.money_text)
register.filter("masked", formats.masked)
register.filter("node_title", node_title)


@register.filter
def moment(value: datetime | None) -> str:
    """2026年8月20日 10:00."""
    return formats.moment_text(value)


@register.filter
def since(value: datetime | None) -> str:
    """3 天前, 还有 5 小时."""
    return formats.since_text(value)


@register.filter
def wait(seconds: int) -> str:
    """How long to wait, rounded up: 45 秒, 2 分钟."""
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"


@register.filter
def weekday(value: date) -> str:
    """周六."""
    return formats.weekday_text(value)


@register.simple_tag
def clause(clause_id: str | None) -> SafeString:
    """The clause chip; nothing for an empty id."""
    return drawing.draw_clause(clause_id or "")


@register.simple_tag
def pill(label: Pill | str, tone: Any = "plain") -> SafeString:
    """A state as a word with a colour: plain, info, done, due, danger."""
    return drawing.draw_pill(label if isinstance(label, Pill) else Pill(label, tone))


@register.simple_tag(takes_context=True)
def value(context: template.Context, thing: Any) -> SafeString:
    """A Fact's or a Cell's value by its kind; a link that its reader may not open is its text alone."""
    href = getattr(thing, "href", "")
    if href and not Doors(context.get("actor")).open(href):
        return drawing.draw(thing.value)
    return drawing.draw(thing.value, thing.kind, href)


@register.simple_tag
def show(thing: Any, kind: str = "text") -> SafeString:
    """A bare value by a kind."""
    return drawing.draw(thing, kind)


@register.simple_tag(takes_context=True)
def door(context: template.Context, name: str, *args: object) -> str:
    """`{% door "x:y" pk as url %}`: the address of a page, or an empty string where the reader may not open it."""
    url = reverse(name, args=args)
    return url if Doors(context.get("actor")).open(url) else ""


@register.simple_tag(takes_context=True)
def leads(context: template.Context, url: str) -> bool:
    """`{% leads back.url as open %}`: whether the reader may open this address."""
    return Doors(context.get("actor")).open(url)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file: it holds the file's digest, so that it may be kept for ever."""
    return reverse("pages-asset", args=[assets.digest_of(path), path])


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> Mapping[str, Any]:
    """One control of a form with label, hint and error."""
    return {"field": bound, "single_checkbox": getattr(bound.field.widget, "input_type", "") == "checkbox"}


@register.inclusion_tag("components/receipt.html")
def receipt(tags: str) -> Mapping[str, Any]:
    """The receipt that an action left on its message: number and time."""
    _, _, rest = tags.partition("receipt:")
    number, _, at = rest.partition(":")
    when, _, _ = at.partition(" ")
    return {"number": number, "at": datetime.fromisoformat(when) if when else None}


@register.filter
def fault_count(form: BaseForm) -> int:
    """How many faults the form has, over all fields."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def focus_id(form: BaseForm, name: str) -> str:
    """The id that the error summary links to: the field's control."""
    if name in form.fields:
        return form[name].id_for_label or form[name].auto_id
    return ""


@register.filter
def naming(form: BaseForm, name: str) -> str:
    """The label of a field with a colon, where its first error does not name it already."""
    label = str(form[name].label) if name in form.fields else ""
    first = form.errors[name][0] if form.errors.get(name) else ""
    return f"{label}：" if label and label not in first else ""
