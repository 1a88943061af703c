"""`./zikao verify certificate TOKEN_OR_FILE --key PEM`: check a certificate's QR code, offline and without a database.

What is checked is what the code says and that the province's key signed it; whether the registration stands today,
only the register can say. Exit code 0 only when the signature holds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from zikao.foundation.crypto import is_public_key
from zikao.stages.graduation.tokens import FIELDS, FORMAT, CertificateToken, read_token, unpacked

PDF_DPI = 300


def main(args: Sequence[str]) -> int:
    """Verify the token, address, picture or PDF that is named; returns the exit code."""
    options = _options(args)
    token = None
    try:
        key = Path(options.key).read_bytes()
        problems = [] if is_public_key(key) else ["密钥文件里没有 SM2 公钥"]
        token = None if problems else _token_in(options.what)
        problems = problems or (["没有找到证书的二维码内容"] if token is None else list(verify(token, key)))
    except (OSError, UnreadableFile) as error:
        problems = [str(error)]
    _report(token, problems, as_json=options.json)
    return 1 if problems else 0


class UnreadableFile(Exception):
    """The file is no picture, or cannot be opened here; says so in Chinese."""


def verify(token: CertificateToken, public_key_pem: bytes | str) -> Iterator[str]:
    """What does not hold, in Chinese; nothing when all holds."""
    if token.holds(public_key_pem):
        return
    changed = token.changed_fields()
    for name in changed:
        yield f"{name}被改动"
    if not changed:
        yield "签名不是这把密钥签的，或签名被改动"


def _token_in(what: str) -> CertificateToken | None:
    texts = _texts_of(Path(what)) if not what.startswith((FORMAT, "http")) and Path(what).is_file() else [what]
    for text in texts:
        found = read_token(text) or read_token(unpacked(text.rstrip("/").rpartition("/")[2]))
        if found is not None:
            return found
    return None


def _texts_of(path: Path) -> list[str]:
    data = path.read_bytes()
    if data[:4] == b"%PDF":
        return [text for page in _pages_of(data) for text in _codes_in(page)]
    if data.isascii() or data.startswith(FORMAT.encode()):
        return data.decode().split()
    return _codes_in(data)


def _codes_in(picture: bytes) -> list[str]:
    import cv2
    import numpy as np
    import zxingcpp

    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise UnreadableFile("文件不是能读取的图片（PNG、JPEG）、PDF 或文本")
    return [code.text for code in zxingcpp.read_barcodes(pixels)]


def _pages_of(data: bytes) -> Iterator[bytes]:
    try:
        import pymupdf
    except ImportError:
        raise UnreadableFile("这台机器不能读取 PDF，请改用二维码的图片或文本") from None
    opener: Any = pymupdf.open
    document = opener(stream=data)
    for page in document:
        yield page.get_pixmap(dpi=PDF_DPI).tobytes("png")


def _report(token: CertificateToken | None, problems: Sequence[str], *, as_json: bool) -> None:
    facts = {name: getattr(token, name) for name in FIELDS} if token else {}
    if as_json:
        answer = {"holds": not problems, "problems": list(problems), "certificate": facts}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    lines = [f"  {FIELDS[name]}：{value}" for name, value in facts.items()]
    if problems:
        head = [
            "证书核验不通过：",
            *(f"  · {problem}" for problem in problems),
            *(["二维码上写的是："] if lines else []),
        ]
    else:
        head = ["证书核验通过：内容由持有这把密钥的机构签发，没有改动。注册是否仍然有效，请查注册信息。"]
    sys.stdout.write("\n".join([*head, *lines]) + "\n")


def _options(args: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="zikao verify certificate", description="离线核验毕业证书二维码的签名")
    parser.add_argument("what", metavar="内容或文件", help="二维码的文本、网址，或含二维码的图片、PDF、文本文件")
    parser.add_argument("--key", required=True, metavar="公钥", help="发证省的 SM2 公钥（PEM 文件）")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    return parser.parse_args(list(args))
