"""Certificates verified by anyone: in the register by number and name, by the signed code, and offline."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories import registry as make
from zikao.foundation import crypto
from zikao.foundation.documents import qr_png
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.graduation.tokens import certificate_token, packed, read_token
from zikao.stages.registry import queries, verify
from zikao.stages.registry.models import RegistrationBatch
from zikao.stages.registry.states import Verdict

pytestmark = pytest.mark.django_db
DAY = make.BATCH_ON
NOW = make.IN_PERIOD


def counts() -> dict[str, int]:
    return queries.counts_of(RegistrationBatch.objects.get())


def test_province_answers_by_number_and_name_together(at: datetime) -> None:
    make.an_answered_batch(at)
    certificate = GraduationCertificate.objects.get()
    name = certificate.application.candidate.name
    answer = queries.look_up(certificate.number, f" {name} ")
    assert answer.verdict is Verdict.REGISTERED
    assert answer.entry is not None
    assert (answer.entry.number, answer.entry.level) == (certificate.number, "本科")
    assert not hasattr(answer.entry, "id_number")
    for number, who in ((certificate.number, "别人"), (certificate.number, ""), ("", name)):
        assert queries.look_up(number, who).verdict is Verdict.NOT_FOUND


def test_certificate_not_registered_yet_is_not_found(at: datetime) -> None:
    make.a_sent_batch(at)
    certificate = GraduationCertificate.objects.get()
    assert queries.look_up(certificate.number, certificate.application.candidate.name).verdict is Verdict.NOT_FOUND
    assert queries.look_up_token(certificate_token(certificate)).verdict is Verdict.NOT_FOUND


@pytest.fixture
def token(at: datetime) -> str:
    make.an_answered_batch(at)
    return certificate_token(GraduationCertificate.objects.select_related("application__plan__major").get())


def test_token_of_a_registered_certificate_is_believed(token: str) -> None:
    assert token.startswith("ZK1|653201022620000")
    assert queries.look_up_token(token).verdict is Verdict.REGISTERED


FIELDS = [(1, "证书编号"), (2, "姓名"), (3, "专业"), (4, "层次"), (5, "发证日期")]


@pytest.mark.parametrize(("place", "label"), FIELDS)
def test_changed_token_is_not_believed_and_names_the_field(place: int, label: str, token: str) -> None:
    parts = token.split("|")
    parts[place] = "专科" if label == "层次" else parts[place][:-1] + "9"
    answer = queries.look_up_token("|".join(parts))
    assert (answer.verdict, answer.changed) == (Verdict.FORGED, (label,))


def test_token_of_a_province_without_a_known_key_is_answered_elsewhere(token: str) -> None:
    parts = token.split("|")
    parts[6] = "65"
    assert queries.look_up_token("|".join(parts)).verdict is Verdict.ELSEWHERE


@pytest.mark.parametrize("text", ["", "ZK1", "ZK1|a|b", "x" * 500, "ZK2|1|2|3|4|5|6|7|8|9", "ZK1|1|2|3|4|5|6|7|8|!"])
def test_text_that_is_no_token_is_none(text: str) -> None:
    assert read_token(text) is None
    assert queries.look_up_token(text).verdict is Verdict.NOT_FOUND


# offline


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key.pem"
    path.write_text(crypto.public_key_pem())
    return str(path)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_token_is_verified_offline_as_text_address_picture_and_pdf(
    token: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], django_assert_num_queries: Any
) -> None:
    import pymupdf

    picture, paper, note = tmp_path / "code.png", tmp_path / "paper.pdf", tmp_path / "code.txt"
    picture.write_bytes(qr_png(token))
    note.write_text(token + "\n", encoding="utf-8")
    document = pymupdf.open()
    document.new_page().insert_image(pymupdf.Rect(100, 100, 220, 220), filename=str(picture))
    document.save(paper)
    with django_assert_num_queries(0):
        for what in (token, f"https://x.test/verify/c/{packed(token)}/", str(picture), str(paper), str(note)):
            assert verify.main([what, "--key", key]) == 0
    assert "证书核验通过" in told(capsys)


@pytest.mark.parametrize(("place", "label"), FIELDS)
def test_offline_verification_names_the_changed_field(
    place: int, label: str, token: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = token.split("|")
    parts[place] = parts[place][:-1] + "9"
    assert verify.main(["|".join(parts), "--key", key, "--json"]) == 1
    answer = json.loads(told(capsys))
    assert (answer["holds"], answer["problems"]) == (False, [f"{label}被改动"])


def test_offline_verification_fails_with_another_key_and_without_a_code(
    token: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crypto.create_keys(tmp_path / "other")
    other = tmp_path / "other.pem"
    other.write_text(next(iter(crypto.FileKeys(tmp_path / "other").public_keys().values())))
    assert verify.main([token, "--key", str(other)]) == 1
    assert "签名不是这把密钥签的" in told(capsys)
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"\x89PNG nothing")
    for what in ("ZK1|", str(empty)):
        assert verify.main([what, "--key", key]) == 1
    assert verify.main([token, "--key", str(tmp_path / "none.pem")]) == 1
    assert verify.main([token, "--key", str(empty)]) == 1
    with pytest.raises(SystemExit) as wrong:
        verify.main([token])
    assert wrong.value.code == 2


def test_code_printed_on_the_certificate_is_verified_from_its_paper(
    token: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from zikao.foundation.documents import render
    from zikao.stages.graduation.queries import papers

    certificate = GraduationCertificate.objects.select_related("application__plan__major").get()
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(render("graduation/certificate.typ", *papers.certificate_of(certificate)))
    assert verify.main([str(paper), "--key", key]) == 0
    assert certificate.number in told(capsys)
