"""The compiler: one warm workshop a thread, templates read in place, data by way of memory."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import finalize

import cbor2
import typst

from zikao.foundation.documents.data import plain
from zikao.foundation.documents.fonts import font_book
from zikao.foundation.errors import ZikaoError

CHUNK = 50
_PACKAGE = Path(__file__).resolve().parents[2]
_OWN = Path(__file__).resolve().parent / "typst"
_NAME = re.compile(r"[a-z0-9_]+/[a-z0-9_-]+\.typ")
_PLACE = re.compile(r"┌─ \W*([\w./-]+\.typ):(\d+):")
_DRIVER = """\
#import "/lib/zikao.typ": house
#import sys.inputs.template: sheet
#show: house
#let chunk = cbor(sys.inputs.data)
#for item in chunk.items { sheet(chunk.shared + item) }
"""


class DocumentError(ZikaoError):
    """A document could not be made: facts name the template, the line and what Typst said."""

    http_status = 500
    default_message = "文书没有生成。"
    default_remedy = "请把错误代码和文书名称告诉系统管理员；数据没有改变，修好后可以重新生成。"


class Workshop:
    """A folder that shows Typst all templates and the data of the moment, with a compiler over it.

    The folder lies in memory where the machine has /dev/shm, because the data holds portraits.
    """

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - memory, private to us by mkdtemp's mode
        place = memory if os.access(memory, os.W_OK) else None
        self.root = Path(tempfile.mkdtemp(prefix="zikao-typst-", dir=place))
        finalize(self, shutil.rmtree, self.root, ignore_errors=True)
        for app, folder in template_folders().items():
            (self.root / app).symlink_to(folder, target_is_directory=True)
        (self.root / "lib").symlink_to(_OWN / "lib", target_is_directory=True)
        (self.root / "driver.typ").write_text(_DRIVER, encoding="utf-8")
        self.book = font_book()
        self.compiler = typst.Compiler(str(self.root / "driver.typ"), root=str(self.root), font_paths=self.book.fonts)

    def compile(
        self, template: str, items: list[Any], shared: Mapping[str, Any], picture_ppi: float | None = None
    ) -> bytes:
        """The PDF of the items, one after another; with `picture_ppi` the single page of the first as PNG."""
        data = self.root / "data.cbor"
        data.write_bytes(cbor2.dumps({"items": items, "shared": shared}))
        inputs = {"template": f"/{template}", "data": "/data.cbor", **self.book.inputs()}
        try:
            if picture_ppi is not None:
                return self._bytes(format="png", ppi=picture_ppi, sys_inputs=inputs)
            return self._bytes(sys_inputs=inputs, pdf_tags=False, timestamp=0)
        except typst.TypstError as error:
            raise _document_error(template, self.root, error) from error
        finally:
            with suppress(FileNotFoundError):
                data.unlink()

    def _bytes(self, **options: Any) -> bytes:
        made = self.compiler.compile(**options)
        if not isinstance(made, bytes):
            raise TypeError("a picture is of one page")
        return made


@cache
def template_folders() -> dict[str, Path]:
    """The folder of templates of each app, by the app's label."""
    places = ("stages/*/documents", "portals/*/documents", "*/documents")
    found = {folder.parent.name: folder for place in places for folder in sorted(_PACKAGE.glob(place))}
    return found | {"foundation": _OWN}


def render(template: str, data: Mapping[str, Any], images: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of one item; `images` (JPEG, PNG, SVG) are seen by the template as `d.images.<name>`.

    Raises DocumentError (unknown template, error in a template, a field the data lacks).
    """
    return _workshop(template).compile(template, [_item(data, images)], {})


def render_picture(
    template: str, data: Mapping[str, Any], images: Mapping[str, bytes] | None = None, *, ppi: float = 150
) -> bytes:
    """The single page of one item as PNG, `ppi` pixels an inch: for previews and for machines that read paper."""
    return _workshop(template).compile(template, [_item(data, images)], {}, picture_ppi=ppi)


def render_many(
    template: str, items: Iterable[Mapping[str, Any]], images: Mapping[str, bytes] | None = None
) -> Iterator[bytes]:
    """One PDF for each item, in order; an item's own pictures stand under its key `images`."""
    for item in items:
        yield render(template, item, images)


def render_batch(
    template: str,
    items: Iterable[Mapping[str, Any]],
    *,
    shared: Mapping[str, Any] | None = None,
    chunk: int = CHUNK,
) -> Iterator[bytes]:
    """PDFs of up to `chunk` items each, in order: the fast way to print a whole site.

    `shared` is data that every item sees; an item's own pictures stand under its key `images`.
    """
    workshop = _workshop(template)
    common = plain(shared or {})
    queue = iter(items)
    while batch := [_item(item, None) for item in islice(queue, chunk)]:
        yield workshop.compile(template, batch, common)


def _item(data: Mapping[str, Any], images: Mapping[str, bytes] | None) -> dict[str, Any]:
    item: dict[str, Any] = plain(data)
    if images:
        item["images"] = {**item.get("images", {}), **images}
    return item


_local = threading.local()


def _workshop(template: str) -> Workshop:
    """This thread's workshop; a process that was forked makes its own."""
    app, _, name = template.partition("/")
    folder = template_folders().get(app)
    if folder is None or not _NAME.fullmatch(template) or not (folder / name).is_file():
        raise DocumentError("document-unknown", facts={"template": template})
    held: tuple[int, Workshop] | None = getattr(_local, "held", None)
    if held is None or held[0] != os.getpid():
        held = (os.getpid(), Workshop())
        _local.held = held
    return held[1]


def _document_error(template: str, root: Path, error: Any) -> DocumentError:
    diagnostic = (error.diagnostic or "").replace(f"{root}/".lstrip("/"), "")
    place = _PLACE.search(diagnostic)
    file, line = (place[1].lstrip("/"), int(place[2])) if place else (template, 0)
    facts = {"template": template, "file": file, "line": line, "said": error.message}
    return DocumentError("document-failed", facts=facts, message=f"文书没有生成：{file} 第 {line} 行。")
