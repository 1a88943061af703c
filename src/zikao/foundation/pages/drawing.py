"""Values as HTML, by their kind; clause chips and pills."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from zikao.foundation.pages.formats import day_text, masked, moment_text, money_text
from zikao.foundation.pages.parts import Pill, url_or_empty
from zikao.foundation.provinces import node_title

NOTHING = SafeString('<span class="none">—</span>')


def draw(value: Any, kind: str = "text", href: str = "") -> SafeString:
    """A value as HTML; empty values are a dash, a Pill draws itself whatever the kind."""
    if isinstance(value, Pill):
        return draw_pill(value)
    if value is None or value == "":
        return NOTHING
    if kind in {"date", "datetime"} and isinstance(value, date):
        return _draw_time(value, kind)
    if kind == "image":
        return format_html('<img class="fact-image" src="{}" alt="" loading="lazy">', value)
    if kind == "link" or href:
        return format_html('<a href="{}">{}</a>', href or value, value)
    if kind == "number":
        return format_html('<span class="num">{}</span>', f"{value:,}" if isinstance(value, int) else value)
    if kind == "money":
        return format_html('<span class="num">{}</span>', money_text(value))
    if kind == "node":
        return format_html('{} <span class="code">{}</span>', node_title(value), value)
    if kind in {"code", "masked"}:
        return format_html('<span class="code">{}</span>', masked(value) if kind == "masked" else value)
    return format_html("{}", {True: "是", False: "否"}.get(value, value) if isinstance(value, bool) else value)


def _draw_time(value: date | datetime, kind: str) -> SafeString:
    text = moment_text(value) if kind == "datetime" and isinstance(value, datetime) else day_text(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def draw_pill(pill: Pill) -> SafeString:
    """A state as a word with its colour."""
    return format_html('<span class="pill {}">{}</span>', pill.tone, pill.label)


def draw_clause(clause_id: str) -> SafeString:
    """A chip "考务 第十四条" that opens the clause's summary, without a script. Not inside a <p>: it is a <details>."""
    from zikao.foundation.regulation import UnknownClause, clause

    if not clause_id:
        return SafeString("")
    try:
        found = clause(clause_id)
    except UnknownClause:
        return format_html('<span class="clause"><span class="chip">{}</span></span>', clause_id)
    register = url_or_empty("public:clauses")
    more = format_html('<a href="{}?q={}">在条款目录中查看</a>', register, clause_id) if register else ""
    return format_html(
        '<details class="clause"><summary class="chip">{}</summary>'
        '<span class="clause-body"><b>{}</b><span>{}</span>{}</span></details>',
        found.chip,
        found.title,
        found.summary,
        more,
    )
