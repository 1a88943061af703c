"""The page of a list in a file: first looked at row by row, every wrong place named; then confirmed and written.

What was looked at comes back sealed and signed with the confirmation, so that exactly it is written; nothing is kept
meanwhile.

    @staff_page(posts=policies.COUNTER)
    def pay_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
        listing = Listing(name="payments", ..., look=partial(_look, actor), write=partial(_write, actor))
        return list_page(request, actor, listing)
"""

from __future__ import annotations

import json
import uuid
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from zikao.foundation.actors import Actor
from zikao.foundation.crypto import seal, unseal
from zikao.foundation.errors import BadInput, NotFound, ZikaoError
from zikao.foundation.pages.acting import REPEATED, receipt_tag
from zikao.foundation.pages.build import form_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.parts import Link
from zikao.foundation.sheets import Fault

SHOWN = 500
LOOKED_AT_SECONDS = 2 * 60 * 60
LARGEST_LIST = 4 * 1024 * 1024
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ListForm(forms.Form):
    """A list as a file."""

    rows = forms.FileField(label="清单文件（XLSX，或 CSV，UTF-8 或 GB 18030 编码）")

    def clean_rows(self) -> UploadedFile[Any]:
        """Not larger than the longest list."""
        file: UploadedFile[Any] = self.cleaned_data["rows"]
        if (file.size or 0) > LARGEST_LIST:
            raise forms.ValidationError("文件超过 4 MB，请核对是否选错文件，或分开上传。")
        return file


@dataclass(frozen=True)
class Looked:
    """What a look found: in numbers (label, value), what is wrong, and what a confirmation would write.

    `given` is plain (lists, texts, numbers); None: nothing can be written. `button` says what confirming does.
    """

    counts: Sequence[tuple[str, str]]
    faults: Sequence[Fault]
    given: Any
    button: str


@dataclass(frozen=True)
class Listing:
    """A kind of list: how its page calls it, how it is looked at and how it is written.

    what, hint   what will be done; how the file is made
    undone       what becomes of wrong rows, after "有 3 行不能登记，"
    samples      addresses of samples by label
    look         (file, the form's other answers) -> Looked
    write        (what was looked at, idempotency key) -> (receipt, what to say)
    """

    name: str
    title: str
    what: str
    hint: str
    undone: str
    clause: str
    back: Link
    look: Callable[[bytes, Mapping[str, Any]], Looked]
    write: Callable[[Any, str], tuple[Any, str]]
    samples: Mapping[str, str] = field(default_factory=dict)
    kicker: str = ""
    form: Callable[..., ListForm] = ListForm


def list_page(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    """The form; after a file what a look at it found; after the confirmation back, with the receipt."""
    salt = f"{listing.name}:{request.path}:{actor.account_id}"
    if request.method != "POST":
        return _page(request, listing, listing.form())
    try:
        if token := request.POST.get("looked_at", ""):
            return _written(request, listing, _given(token, salt))
        form = speak_plainly(listing.form(request.POST, request.FILES))
        if not form.is_valid():
            return _page(request, listing, form, status=422)
        answers = dict(form.cleaned_data)
        looked = listing.look(answers.pop("rows").read(), answers)
    except ZikaoError as error:
        return _page(request, listing, listing.form(), status=error.http_status, error=error)
    token = "" if looked.given is None else _token(looked.given, salt)
    again = listing.form(initial=answers)
    return _page(request, listing, again, status=422 if looked.faults else 200, looked=looked, token=token)


def sample_file(samples: Mapping[str, bytes], name: str, ending: str) -> HttpResponse:
    """The sample of a list, as CSV or XLSX. Raises NotFound."""
    if ending not in samples:
        raise NotFound("sample-not-found", message="没有这一样例。")
    headers = {"Content-Disposition": f'attachment; filename="{name}-sample.{ending}"'}
    return HttpResponse(samples[ending], content_type=MEDIA[ending], headers=headers)


def _token(given: Any, salt: str) -> str:
    sealed = seal(zlib.compress(json.dumps(given).encode()), salt.encode())
    return signing.TimestampSigner(salt=salt).sign(b64encode(sealed).decode())


def _given(token: str, salt: str) -> Any:
    try:
        signed = signing.TimestampSigner(salt=salt).unsign(token, max_age=LOOKED_AT_SECONDS)
    except signing.BadSignature as error:
        text = "核对结果已经过时，或不是本页面给出的；什么也没有登记。"
        raise BadInput("looked-at-stale", message=text, remedy="请重新上传清单核对，再确认。") from error
    return json.loads(zlib.decompress(unseal(b64decode(signed), salt.encode())))


def _written(request: HttpRequest, listing: Listing, given: Any) -> HttpResponse:
    receipt, said = listing.write(given, request.POST.get("idempotency_key") or uuid.uuid4().hex)
    said = REPEATED if getattr(receipt, "repeated", False) else said
    messages.success(request, said, extra_tags=receipt_tag(receipt))
    return HttpResponseRedirect(listing.back.url)


def _page(
    request: HttpRequest, listing: Listing, form: ListForm, *, status: int = 200, error: Any = None,
    looked: Looked | None = None, token: str = "",
) -> HttpResponse:  # fmt: skip
    faults = sorted(looked.faults, key=lambda each: (each.line, each.column)) if looked else []
    context = {
        "listing": listing,
        "looked": looked,
        "looked_at": token,
        "confirm_key": uuid.uuid4().hex,
        "problems": faults[:SHOWN],
        "more": max(0, len(faults) - SHOWN),
        "bad_lines": len({fault.line for fault in faults}),
    }
    return form_page(
        request, kicker=listing.kicker, title=listing.title, form=form, what=listing.what, clause=listing.clause,
        button="核对清单", error=error, back=listing.back, extra_template="pages/_listed.html", context=context,
        status=status,
    )  # fmt: skip
