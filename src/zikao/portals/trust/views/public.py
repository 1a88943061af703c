"""For everybody: what a receipt or a paper's code proves, the public keys, the receipt of a paper."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, ZikaoError
from zikao.foundation.ledger import leaf_hash
from zikao.foundation.ledger.checking import Step, Verdict, check_promise
from zikao.foundation.ledger.promises import Promise, decode_promise
from zikao.foundation.ledger.receipts import encode_receipt
from zikao.foundation.ledger.rowtext import read_entry
from zikao.foundation.pages import Pill, public_page, shell_of
from zikao.foundation.pages.history import TOLD
from zikao.foundation.provinces import node_title
from zikao.foundation.witness.entries import entry_of
from zikao.foundation.witness.keys import keybook
from zikao.foundation.witness.papers import PAPERS
from zikao.foundation.witness.receipts import make_receipt
from zikao.foundation.witness.verify_receipt import check_text
from zikao.portals.trust import forms
from zikao.portals.trust.views.verifying import text_file

PILLS = {
    "broken": Pill("不成立", "danger"),
    "promised": Pill("承诺成立", "done"),
    "signed": Pill("成立，无见证", "due"),
    "witnessed": Pill("成立，有见证", "done"),
}


@public_page
def check(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """A text field and a file: what the receipt proves, step by step. Nothing of it is kept."""
    if request.method != "POST":
        return _check_page(request, forms.CheckForm(), None)
    form = forms.CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _check_page(request, form, None, status=422)
    try:
        verdict = check_text(form.cleaned_data["text"], keybook(), form.printed_facts())
    except ZikaoError as error:
        form.add_error("text", f"{error.message}{error.remedy}")
        return _check_page(request, form, None, status=422)
    return _check_page(request, form, verdict)


def _check_page(request: HttpRequest, form: Any, verdict: Verdict | None, status: int = 200) -> HttpResponse:
    context = {
        "shell": shell_of(request),
        "form": form,
        "verdict": verdict,
        "pill": PILLS[verdict.strength] if verdict else None,
        "line": _told(verdict.line) if verdict else [],
    }
    return render(request, "trust/check.html", context, status=status)


def _told(line: Any) -> list[tuple[str, str]]:
    """A line as people read it."""
    if not line:
        return []
    post = Post(line["post"]).label if line["post"] in set(Post) else line["post"]
    facts = "　".join(f"{name} {value}" for name, value in line["facts"].items())
    return [
        ("办理事项", TOLD.get(line["command"], line["command"])),
        ("办理时间", f"{line['at'].astimezone():%Y-%m-%d %H:%M:%S}"),
        ("办理岗位", f"{post}（{line['agency_code'] or '全国'}）"),
        ("对象", str(line["subject"])),
        ("依据", "、".join(line["clauses"]) or "—"),
        ("内容", facts or "—"),
        ("账本行号", str(line["id"])),
    ]


@public_page
def paper(request: HttpRequest, actor: Actor | None, code: str) -> HttpResponse:
    """What a paper's QR code opens: whether the code is ours, for which act, whether the paper was changed."""
    promise = decode_promise(code)
    names = PAPERS.get(promise.kind, ())
    form = _paper_form(names)(request.POST if request.method == "POST" else None)
    given = dict(form.cleaned_data) if request.method == "POST" and form.is_valid() else None
    printed = {name: given[f"fact{place}"] for place, name in enumerate(names)} if given else None
    verdict = check_promise(promise, keybook(), printed)
    found = _line_of(promise, verdict)
    context = {
        "shell": shell_of(request),
        "promise": promise,
        "code": code,
        "verdict": verdict,
        "pill": PILLS[verdict.strength],
        "line": [pair for pair in _told(found) if pair[0] in ("办理事项", "办理时间", "办理岗位", "账本行号")],
        "form": form,
        "asked": bool(names),
        "has_receipt": bool(found) and verdict.holds,
    }
    return render(request, "trust/paper.html", context)


def _paper_form(names: tuple[str, ...]) -> type[django_forms.Form]:
    fields: dict[str, Any] = {
        f"fact{place}": django_forms.CharField(label=name, max_length=200) for place, name in enumerate(names)
    }
    return type("PaperForm", (django_forms.Form,), fields)


def _line_of(promise: Promise, verdict: Verdict) -> dict[str, Any]:
    """The line that the promise names, where it is ours and as promised; else a step that says so."""
    if promise.origin != settings.ZIKAO_NODE:
        said = f"这张纸由{node_title(promise.origin)}印出，入账证明请到该节点查询。"
        verdict.steps.append(Step("入账", True, said))
        return {}
    found = entry_of(promise.line_id)
    if found is None or leaf_hash(found[0]) != promise.leaf:
        verdict.strength = "broken"
        verdict.steps.append(
            Step("入账", False, "本节点的账本里没有所承诺的这一行：请报告审计管理员，这个码就是证据。")
        )
        return {}
    verdict.steps.append(Step("入账", True, "账本里有所承诺的这一行，内容一字不差。"))
    return read_entry(found[0])


@public_page
def receipt_file(request: HttpRequest, actor: Actor | None, code: str) -> HttpResponse:
    """The receipt of a paper's line, for whoever holds the paper: its code is the key."""
    promise = decode_promise(code)
    found = entry_of(promise.line_id) if promise.origin == settings.ZIKAO_NODE else None
    if found is None or leaf_hash(found[0]) != promise.leaf or not check_promise(promise, keybook()).holds:
        raise NotFound("no-line", message="这个码不属于本节点账本里的任何一行。", remedy="请核对扫描的结果。")
    return text_file(encode_receipt(make_receipt(promise.line_id)), f"receipt-{promise.line_id}.txt")


@public_page
def keys(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The public keys that checkers need, with the time in which each signed."""
    context = {"shell": shell_of(request), "nodes": keybook().nodes.items(), "node": settings.ZIKAO_NODE}
    return render(request, "trust/keys.html", context)


@public_page
def keys_file(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The same as a file for `./zikao verify`."""
    where = 'attachment; filename="zikao-keys.json"'
    return HttpResponse(keybook().as_json(), content_type="application/json", headers={"Content-Disposition": where})
