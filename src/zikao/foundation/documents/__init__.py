"""Typst documents: data in, PDF out; QR codes and barcodes.

A document is a template `<app>/<name>.typ` in the app's `documents/` folder. It defines one function `sheet(d)`, which
returns the pages of one item, and takes its looks from the shared library:

    #import "/lib/zikao.typ": *
    #let sheet(d) = official(title: "考试通知单", number: d.number)[ ... ]

    from zikao.foundation.documents import render, code128, qr
    pdf = render("seating/notice.typ", {"name": "张三", "barcode": code128("320102261001")}, {"portrait": jpeg})

Dates, times and decimals are handed over as Chinese text or plain text (see `data.plain`); images are found under
`d.images.<name>`. The same data gives the same bytes: no timestamps, so that a document's digest is stable.
The looks are described in `typst/lib/zikao.typ`.
"""

from zikao.foundation.documents.codes import Raster, code128, qr, qr_png, qr_svg
from zikao.foundation.documents.engine import DocumentError, render, render_batch, render_many, render_picture
from zikao.foundation.documents.fonts import uncovered

media_type = "application/pdf"

__all__ = [
    "DocumentError",
    "Raster",
    "code128",
    "media_type",
    "qr",
    "qr_png",
    "qr_svg",
    "render",
    "render_batch",
    "render_many",
    "render_picture",
    "uncovered",
]
