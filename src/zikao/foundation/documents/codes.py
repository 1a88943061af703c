"""Barcodes and QR codes, drawn by zxing-cpp: raw grey pixels for documents, SVG and PNG for pages."""

from __future__ import annotations

from typing import Any, TypedDict

import cv2
import numpy as np
import zxingcpp

QUIET_MODULES = 4


class Raster(TypedDict):
    """A grey picture, one byte a pixel, rows from the top; templates draw it with `raster(...)`."""

    pixels: bytes
    width: int
    height: int


def code128(text: str) -> Raster:
    """A Code 128 barcode, one row high and one pixel a module, without quiet zone: templates stretch it.

    Raises ValueError when the text cannot be written as Code 128.
    """
    return _raster(_pixels(text, zxingcpp.BarcodeFormat.Code128)[:1])


def qr(text: str) -> Raster:
    """A QR code, one pixel a module, without quiet zone: the template leaves room around it."""
    return _raster(_pixels(text, zxingcpp.BarcodeFormat.QRCode))


def qr_png(text: str, *, module_px: int = 4) -> bytes:
    """A QR code as PNG with its quiet zone, `module_px` pixels a module."""
    framed = np.pad(_pixels(text, zxingcpp.BarcodeFormat.QRCode), QUIET_MODULES, constant_values=255)
    _, encoded = cv2.imencode(".png", np.kron(framed, np.ones((module_px, module_px), np.uint8)))
    return encoded.tobytes()


def qr_svg(text: str) -> str:
    """A QR code as SVG with its quiet zone; it takes the size and colour of the place where it stands."""
    dark = _pixels(text, zxingcpp.BarcodeFormat.QRCode) < 128
    size = dark.shape[0] + 2 * QUIET_MODULES
    path = "".join(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h1v1h-1z" for y, x in zip(*np.nonzero(dark), strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" '
        f'role="img" aria-label="二维码"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _pixels(text: str, form: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    image = zxingcpp.create_barcode(text, form).to_image(scale=1, add_quiet_zones=False)
    return np.asarray(image, dtype=np.uint8)


def _raster(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> Raster:
    height, width = pixels.shape
    return Raster(pixels=pixels.tobytes(), width=width, height=height)
