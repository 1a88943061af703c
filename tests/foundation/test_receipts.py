"""Receipts, codes of papers, exports and renewals: made here, checked with public keys alone."""

from datetime import timedelta

import numpy as np
import pytest
import zxingcpp
from django.conf import settings

from tests.factories.actors import clerk
from tests.factories.nodes import CENTRE, HERE, Nodes
from tests.factories.witness import lines_written
from zikao.foundation import crypto
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.documents import qr
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.ledger import base45
from zikao.foundation.ledger.checking import check_promise, check_receipt
from zikao.foundation.ledger.keybook import KeyBook, PublicKey, key_id_of, read_keybook
from zikao.foundation.ledger.offline import verify_export
from zikao.foundation.ledger.promises import decode_promise
from zikao.foundation.ledger.receipts import decode_receipt, encode_receipt
from zikao.foundation.ledger.renewals import parse_renewal, root_with
from zikao.foundation.ledger.rowtext import parse_row, read_entry
from zikao.foundation.witness import caring, commands, entries, queries, verify, verify_receipt
from zikao.foundation.witness.exporting import export_own
from zikao.foundation.witness.keys import keybook, own_keys
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.foundation.witness.receipts import make_receipt, paper_code, paper_url

committed = pytest.mark.django_db(transaction=True)
PRINTED = {"准考证号": "320102261001", "姓名": "张三"}
VERSION_25_M_ALPHANUMERIC = 1451
MODULES_OF_VERSION_25 = 117


@pytest.fixture
def nodes(tmp_path, at, monkeypatch):
    return Nodes(tmp_path / "keys", at, monkeypatch)


@pytest.fixture
def witnessed(nodes, at):
    """Forty lines, cosigned by the centre."""
    made = lines_written(at, 40)
    caring.offer_due(at)
    for _ in range(2):
        nodes.deliver(HERE, at)
        nodes.deliver(CENTRE, at)
    return made


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")])
def test_base_45_is_that_of_rfc_9285(data, text):
    assert (base45.encode(data), base45.decode(text)) == (text, data)
    with pytest.raises(ValueError, match="base 45"):
        base45.decode(":::")


def test_a_row_is_read_back_as_the_server_writes_it():
    assert parse_row('(1,"a ""b"", c\\\\d",,"")') == ["1", 'a "b", c\\d', None, ""]
    for wrong in ("1,2", '("a)', ""):
        with pytest.raises(ValueError, match="row"):
            parse_row(wrong)


@committed
def test_a_receipt_holds_the_line_as_it_was_written(witnessed):
    line = read_entry(make_receipt(witnessed[7]).entry)
    assert (line["id"], line["command"], line["agency_code"]) == (witnessed[7], "candidates.registered", "320102")
    assert line["facts"] == {"candidate": 7, "说": '含“引号"、逗号,和反斜杠\\'}
    assert line["clauses"] == ["EA-13", "SR-3.1"]


@committed
def test_a_witnessed_receipt_is_checked_with_public_keys_alone(witnessed):
    text = encode_receipt(make_receipt(witnessed[3]))
    verdict = check_receipt(decode_receipt(f"\n{text}\n"), keybook())
    assert verdict.strength == "witnessed", verdict.steps
    assert verdict.origin == HERE
    assert len(text) <= VERSION_25_M_ALPHANUMERIC
    assert qr(text)["width"] <= MODULES_OF_VERSION_25


@committed
def test_without_a_witness_a_receipt_says_less(at):
    made = lines_written(at, 5)
    assert check_receipt(make_receipt(made[0]), keybook()).strength == "signed"


@committed
def test_a_line_without_a_checkpoint_has_no_receipt_yet_but_a_code(at):
    (line,) = lines_written(at, 1, checkpoint=False)
    with pytest.raises(WrongState):
        make_receipt(line)
    with pytest.raises(NotFound):
        make_receipt(10**6)
    promise = decode_promise(paper_code(line, kind="准考证", printed=PRINTED))
    assert check_promise(promise, keybook()).strength == "promised"
    assert check_promise(promise, keybook(), PRINTED).holds
    assert not check_promise(promise, keybook(), PRINTED | {"姓名": "张五"}).holds


@committed
def test_a_code_is_the_promise_of_the_line_that_the_receipt_proves_later(witnessed):
    url = paper_url(witnessed[2], kind="准考证", printed=PRINTED)
    promise = decode_promise(url)
    assert url == url.upper()
    assert qr(url)["width"] <= 65, "version 12: readable from 20 mm of paper"
    assert make_receipt(promise.line_id).leaf == promise.leaf


@committed
def test_keys_go_out_and_come_in_as_a_file(at, tmp_path, witnessed):
    path = tmp_path / "keys.json"
    path.write_text(keybook().as_json())
    assert check_receipt(make_receipt(witnessed[0]), read_keybook(path)).strength == "witnessed"
    path.write_text(path.read_text().replace("BEGIN PUBLIC", "BEGIN PUBLlC"))
    with pytest.raises(BadInput):
        read_keybook(path)


@committed
def test_the_command_checks_receipts_and_codes_without_a_database(tmp_path, witnessed, capsys):
    keys = tmp_path / "keys.json"
    keys.write_text(keybook().as_json())
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(encode_receipt(make_receipt(witnessed[0])))
    assert verify_receipt.main([str(receipt), "--keys", str(keys)]) == 0
    assert "有见证" in capsys.readouterr().out
    code = paper_url(witnessed[0], kind="准考证", printed=PRINTED)
    given = [f"{name}={value}" for name, value in PRINTED.items()]
    assert verify_receipt.main([code, "--keys", str(keys), "--printed", given[0], "--printed", given[1]]) == 0
    assert verify_receipt.main([code, "--keys", str(keys), "--printed", given[0], "--json"]) == 1
    assert '"holds": false' in capsys.readouterr().out
    assert verify_receipt.main([code]) == 2


@committed
def test_an_exported_ledger_is_verified_from_its_file(tmp_path, witnessed, capsys, at):
    path, keys = tmp_path / "ledger.zkl", tmp_path / "keys.json"
    size = export_own(path, at)
    keys.write_text(keybook().as_json())
    result = verify_export(path, keybook())
    assert result.holds, result.problems
    assert (result.leaves, result.checkpoints) == (size, 1)
    assert verify.main(["--export", str(path), "--keys", str(keys)]) == 0
    assert verify.main(["--export", str(path)]) == 2
    assert "台账完整" in capsys.readouterr().out


@committed
def test_an_exported_ledger_that_was_changed_is_found(tmp_path, witnessed, at):
    path, other = tmp_path / "ledger.zkl", tmp_path / "other.zkl"
    export_own(path, at)
    whole = path.read_bytes()
    other.write_bytes(whole.replace(b"candidates.candidate:7", b"candidates.candidate:8", 1))
    assert {each.kind for each in verify_export(other, keybook()).problems} == {"root"}
    for broken in (whole[:-10], b"ZKL2" + whole[4:], b""):
        other.write_bytes(broken)
        with pytest.raises(BadInput):
            verify_export(other, keybook())
    later = queries.last_checkpoint().note.replace(f"\n{queries.last_checkpoint().tree_size}\n", "\n99\n")
    kinds = {each.kind for each in verify_export(path, keybook(), kept_notes=[later]).problems}
    assert kinds == {"truncated"}


@committed
def test_verifying_our_own_ledger_counts_cosignatures(witnessed):
    result, cosigned = verify.verify_own()
    assert (result.holds, cosigned) == (True, 1)
    assert verify.main([]) == 0


@committed
def test_renewals_cover_what_was_signed_and_the_receipt_carries_them(witnessed, at):
    size, officer = queries.last_cosigned(CENTRE).tree_size, clerk(Post.SECURITY_ADMIN, "32")
    first = commands.renew_signatures(tree_size=size, by=officer, at=at + timedelta(days=3000)).value
    second = commands.renew_signatures(
        tree_size=size, hash_name="sha3-256", by=officer, at=at + timedelta(days=6000)
    ).value
    assert (first.number, second.number) == (1, 2)
    said = parse_renewal(second.text)
    assert said.root == root_with("sha3-256", entries.entries_up_to(size)).hex()
    receipt = decode_receipt(encode_receipt(make_receipt(witnessed[0])))
    assert len(receipt.renewals) == 2
    assert check_receipt(receipt, keybook()).strength == "witnessed"
    with pytest.raises(BadInput):
        commands.renew_signatures(tree_size=size, hash_name="md5", by=officer, at=at)
    with pytest.raises(NotFound):
        commands.renew_signatures(tree_size=10**9, by=officer, at=at)


@committed
def test_a_renewal_by_a_rotated_key_counts_in_that_keys_time(witnessed, at, monkeypatch):
    from zikao.foundation.crypto.sm2 import Signer, new_private_key

    size = queries.last_cosigned(CENTRE).tree_size
    private, public = new_private_key()
    new = key_id_of(public.decode())
    with monkeypatch.context() as patch:
        patch.setattr(crypto, "signing_key_id", lambda: new)
        patch.setattr(crypto, "sign", Signer(private).sign)
        commands.renew_signatures(tree_size=size, by=node_actor(), at=at + timedelta(days=3000))
    turn = at + timedelta(days=1000)
    old = own_keys()[0]
    ours = [PublicKey(old.id, old.pem, None, turn), PublicKey(new, public.decode(), turn)]
    book = KeyBook({**keybook().nodes, settings.ZIKAO_NODE: ours})
    receipt = make_receipt(witnessed[0])
    assert check_receipt(receipt, book).strength == "witnessed"
    early = [ours[0], PublicKey(new, public.decode(), at + timedelta(days=4000))]
    assert not check_receipt(receipt, KeyBook({**book.nodes, settings.ZIKAO_NODE: early})).holds
    assert not check_receipt(receipt, keybook()).holds, "a key that nobody published"


@committed
def test_an_export_is_never_written_over_another(tmp_path, at):
    lines_written(at)
    path = tmp_path / "ledger.zkl"
    path.write_bytes(b"earlier")
    with pytest.raises(FileExistsError):
        export_own(path, at)


@committed
def test_a_papers_qr_code_is_of_the_first_line_that_tells_of_it(witnessed, at):
    told = [Told("candidates.candidate:2", "no.such"), Told("candidates.candidate:2", "candidates.registered", at)]
    raster = receipt_qr(*told, kind="准考证", printed=PRINTED, otherwise="plain")
    assert raster["width"] > qr("plain")["width"]
    promise = decode_promise(zxingcpp.read_barcodes(picture(raster))[0].text)
    assert promise.line_id == witnessed[2]
    late = Told("candidates.candidate:2", "candidates.registered", at + timedelta(days=1))
    assert receipt_qr(late, kind="准考证", printed=PRINTED, otherwise="plain") == qr("plain")
    with pytest.raises(ValueError, match="printed with"):
        receipt_qr(kind="准考证", printed={}, otherwise="plain")


def picture(raster):
    grey = np.frombuffer(raster["pixels"], np.uint8).reshape(raster["height"], raster["width"])
    return np.kron(np.pad(grey, 4, constant_values=255), np.ones((4, 4), np.uint8))
