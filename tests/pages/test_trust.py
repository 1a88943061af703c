"""The state of trust on one screen, verification as a job, alarms, restores, receipts for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories.nodes import CENTRE, HERE, Nodes
from tests.factories.witness import head_of, leaves, lines_written
from zikao.foundation import pages
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.jobs.models import Work
from zikao.foundation.ledger.models import Line
from zikao.foundation.ledger.receipts import encode_receipt
from zikao.foundation.pages import TrustItem
from zikao.foundation.pages import trust as registry
from zikao.foundation.witness import caring, commands
from zikao.foundation.witness.models import Alarm, Restore, Verification
from zikao.foundation.witness.receipts import make_receipt, paper_code
from zikao.portals.trust import chores, tasks
from zikao.portals.trust.items import sequencer

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
REASON = "数据盘损坏，从八月二十日凌晨的备份恢复，见运维记录第 12 号。"
PRINTED = {"准考证号": "320102261001", "姓名": "张三"}
OURS = ("账本检查点", "账本编排", "见证", "账本告警", "节点往来", "账本核验")
SignedIn = Callable[..., Client]


def an_alarm(at: datetime) -> Alarm:
    evidence = commands.alarms.Evidence(
        "zikao ledger province:32\nheld\n", b"1", "zikao ledger province:32\nshown\n", b"2"
    )
    raised = commands.alarms.raise_alarm("forked", "province:32", evidence, at)
    assert raised is not None
    return raised


def a_restore(at: datetime) -> Restore:
    return Restore.objects.create(
        origin="province:33",
        tree_size=6,
        root=bytes(32),
        note="zikao ledger province:33\n6\n",
        signature=b"1",
        base_size=4,
        held_size=8,
        is_proven=True,
        reason=REASON,
        declared_at=at,
    )


def a_verification(at: datetime, **more: Any) -> Verification:
    counts = {"leaves": 3, "pending": 0, "checkpoints": 1, "cosignatures": 0}
    given: dict[str, Any] = {"problems": []} | more
    return commands.keep_verification(started_at=at, counts=counts, **given, by=node_actor(), at=at).value


def a_code(at: datetime) -> str:
    (line,) = lines_written(at, 1)
    return paper_code(line, kind="准考证", printed=PRINTED)


NOBODY = {"guest": 302, "candidate": 403, "county-clerk": 403, "records-clerk": 403}
READ = {**NOBODY, "auditor@32": 200, "system-admin@32": 200, "security-admin@32": 200, "province-head@32": 200}
ACT = {**NOBODY, "auditor@32": 200, "system-admin@32": 403, "security-admin@32": 403, "province-head@32": 403}
ANYBODY = {"guest": 200, "candidate": 200, "auditor@32": 200}
ALARM: dict[str, Any] = {"kwargs": lambda at: {"alarm_id": an_alarm(at).pk}}
RESTORE: dict[str, Any] = {"kwargs": lambda at: {"restore_id": a_restore(at).pk}}
ROUTES = {
    "trust:state": {**READ, "national-officer": 200},
    "trust:verifications": READ,
    "trust:verification": {"kwargs": lambda at: {"verification_id": a_verification(at).pk}, **READ},
    "trust:verify": ACT,
    "trust:renewals": READ,
    "trust:renew": {**ACT, "auditor@32": 403, "security-admin@32": 200},
    "trust:log": READ,
    "trust:line": {"kwargs": lambda at: {"line_id": lines_written(at, 1)[0]}, **READ, "auditor@33": 404},
    "trust:line-receipt": {"kwargs": {"line_id": 999_999}, "guest": 302, "county-clerk": 403, "auditor@32": 404},
    "trust:alarms": READ,
    "trust:alarm": ALARM | READ,
    "trust:settle": ALARM | ACT,
    "trust:restores": READ,
    "trust:restore": RESTORE | READ,
    "trust:declare-restore": ACT,
    "trust:accept-restore": RESTORE | ACT,
    "trust:refuse-restore": RESTORE | ACT,
    "trust:check": ANYBODY,
    "trust:keys": ANYBODY,
    "trust:keys-file": ANYBODY,
    "trust:witnesses": ANYBODY,
    "trust:evidence": ALARM | ANYBODY,
    "trust:receipt-file": {"kwargs": {"code": "ZKP1AAAA"}, "guest": 422, "candidate": 422},
    "public:paper": {"kwargs": lambda at: {"code": a_code(at)}, **ANYBODY},
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def auditor(signed_in: SignedIn) -> Client:
    return signed_in(Post.AUDITOR, "32")


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    return Nodes(tmp_path, at, monkeypatch)


def witnessed(nodes: Nodes, at: datetime) -> list[int]:
    made = lines_written(at, 8)
    caring.offer_due(at)
    for _ in range(2):
        nodes.deliver(HERE, at)
        nodes.deliver(CENTRE, at)
    return made


def states(at: datetime) -> dict[str, str]:
    return {item.title: item.state for item in pages.state_of_trust(node_actor(), at)}


def test_the_auditor_sees_every_item_with_word_sentence_and_clause(auditor: Client):
    page = text(auditor.get(reverse("trust:state")))
    for title in OURS:
        assert title in page
    assert "没有登记见证节点" in page
    assert "SR-A1.10b" in page


def test_an_item_that_fails_is_shown_as_broken_and_spoils_nothing(auditor: Client, monkeypatch: pytest.MonkeyPatch):
    def fails(actor: Actor, at: datetime) -> TrustItem:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM ledger_line")
        raise AssertionError

    monkeypatch.setattr(registry, "_items", registry._items | {"bad": (1, fails)})
    page = text(auditor.get(reverse("trust:state")))
    assert "这一项读不出来（ProgrammingError）" in page
    assert "账本检查点" in page


@committed
def test_trust_turns_from_due_to_ok_as_the_node_is_witnessed_and_verified(nodes: Nodes, at: datetime):
    assert states(at)["见证"] == "due"
    witnessed(nodes, at)
    assert states(at)["见证"] == "ok"
    assert states(at)["账本核验"] == "due"
    a_verification(at)
    ours = {title: state for title, state in states(at).items() if title in OURS}
    assert ours == dict.fromkeys(OURS, "ok")
    last = Line.objects.order_by("-id").values_list("at", flat=True).first()
    assert sequencer(node_actor(), at).since == last, "by the node's clock, as everything else on the page"


@committed
def test_trust_says_what_is_late_and_what_is_broken(nodes: Nodes, at: datetime):
    witnessed(nodes, at)
    a_verification(at, problems=[{"kind": "changed", "line_id": 5}])
    an_alarm(at)
    later = at + timedelta(days=2)
    lines_written(later, 2, first=20)
    caring.offer_due(later)
    after = later + timedelta(days=2)
    found = states(after)
    assert (found["见证"], found["账本告警"], found["账本核验"]) == ("due", "broken", "broken")
    assert found["账本编排"] == "broken", "the line of the offer waits"


@committed
def test_the_auditor_verifies_from_the_page_and_the_verdict_is_kept(signed_in: SignedIn, at: datetime):
    lines_written(at, 5)
    auditor = signed_in(Post.AUDITOR, "32")
    answer = auditor.post(reverse("trust:verify"), follow=True)
    assert "已开始核验" in text(answer)
    again = auditor.post(reverse("trust:verify"))
    assert (again.status_code, "已有一次核验正在进行" in text(again)) == (409, True)
    work = Work.objects.get()
    tasks.verify_ledger(work.pk)
    row = Verification.objects.get()
    assert (row.holds, row.work_id, row.account_id) == (True, work.pk, work.account_id)
    assert row.leaves >= 5
    page = text(auditor.get(reverse("trust:verification", args=[row.pk])))
    assert "全部相符" in page
    tasks.verify_ledger(work.pk)
    assert Verification.objects.count() == 1


def test_a_verification_that_found_something_names_it(auditor: Client, at: datetime):
    row = a_verification(at, problems=[{"kind": "changed", "line_id": 5}, {"kind": "truncated", "detail": "9"}])
    page = text(auditor.get(reverse("trust:verification", args=[row.pk])))
    assert "第 5 行" in page
    assert "内容被改动" in page
    assert "检查点 9" in page


@committed
def test_the_node_verifies_from_time_to_time(at: datetime, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zikao.foundation.clock.now", lambda: at)
    assert chores.verify_from_time_to_time() is False
    lines_written(at)
    assert chores.verify_from_time_to_time() is True
    assert chores.verify_from_time_to_time() is False
    tasks.verify_ledger(Work.objects.get().pk)
    assert chores.verify_from_time_to_time() is False
    monkeypatch.setattr("zikao.foundation.clock.now", lambda: at + timedelta(days=2))
    assert chores.verify_from_time_to_time() is True


def test_the_auditor_settles_an_alarm_and_everybody_still_sees_the_evidence(
    auditor: Client, signed_in: SignedIn, at: datetime
):
    alarm = an_alarm(at)
    assert "账本告警待查明" in text(auditor.get(reverse("portals:staff-home")))
    short = auditor.post(reverse("trust:settle", args=[alarm.pk]), {"reason": "好了"})
    assert short.status_code == 422
    answer = auditor.post(reverse("trust:settle", args=[alarm.pk]), {"reason": REASON}, follow=True)
    assert "查明结果已记录" in text(answer)
    guest = signed_in()
    assert REASON in text(guest.get(reverse("trust:witnesses")))
    assert "shown" in text(guest.get(reverse("trust:evidence", args=[alarm.pk])))


@committed
def test_a_restore_is_declared_and_refused_by_pages(nodes: Nodes, signed_in: SignedIn, at: datetime):
    lines_written(at)
    auditor = signed_in(Post.AUDITOR, "32")
    answer = auditor.post(reverse("trust:declare-restore"), {"reason": REASON}, follow=True)
    assert "已声明，等待见证节点确认" in text(answer)
    theirs = a_restore(at)
    page = text(auditor.get(reverse("trust:restore", args=[theirs.pk])))
    assert "确认恢复" in page
    assert "丢失的行" in page


@committed
def test_anybody_checks_a_receipt_by_text_or_file(nodes: Nodes, signed_in: SignedIn, at: datetime):
    receipt = encode_receipt(make_receipt(witnessed(nodes, at)[0]))
    guest = signed_in()
    page = text(guest.post(reverse("trust:check"), {"text": receipt}))
    assert "成立，有见证" in page
    assert "candidates.candidate:0" in page
    broken = receipt[:-9] + ("A" if receipt[-9] != "A" else "B") + receipt[-8:]
    answer = guest.post(reverse("trust:check"), {"text": broken})
    assert answer.status_code == 422 or "不成立" in text(answer)
    for nothing in ({}, {"text": "hello"}, {"text": "ZKP1"}):
        assert guest.post(reverse("trust:check"), nothing).status_code == 422


@committed
def test_a_papers_code_opens_its_page_and_shows_whether_the_paper_was_changed(
    nodes: Nodes, signed_in: SignedIn, at: datetime
):
    line = witnessed(nodes, at)[0]
    code, guest = paper_code(line, kind="准考证", printed=PRINTED), signed_in()
    url = reverse("public:paper", args=[code])
    page = text(guest.get(url))
    assert "承诺成立" in page
    assert "账本里有所承诺的这一行" in page
    same = text(guest.post(url, {"fact0": PRINTED["准考证号"], "fact1": PRINTED["姓名"]}))
    assert "与印制时一致" in same
    other = text(guest.post(url, {"fact0": PRINTED["准考证号"], "fact1": "李四"}))
    assert "不一致" in other
    assert text(guest.get(reverse("trust:receipt-file", args=[code]))).startswith("ZKR1:")


@committed
def test_public_pages_show_witnesses_and_keys(nodes: Nodes, signed_in: SignedIn, at: datetime):
    witnessed(nodes, at)
    head = head_of(leaves(3), at, origin=HERE)
    guest = signed_in()
    page = text(guest.get(reverse("trust:witnesses")))
    assert CENTRE in page
    assert head.root.hex() not in page
    assert "-----BEGIN PUBLIC KEY-----" in text(guest.get(reverse("trust:keys")))


@committed
def test_the_auditor_finds_every_act_in_the_log_and_takes_its_receipt(signed_in: SignedIn, at: datetime):
    made = lines_written(at, 3)
    auditor = signed_in(Post.AUDITOR, "32")
    page = text(auditor.get(reverse("trust:log"), {"command": "candidates."}))
    assert "candidates.candidate:2" in page
    assert "candidates.candidate:2" not in text(auditor.get(reverse("trust:log"), {"command": "results."}))
    page = text(auditor.get(reverse("trust:line", args=[made[1]])))
    assert "已签名" in page
    assert "candidates.candidate:1" in page
    answer = auditor.get(reverse("trust:line-receipt", args=[made[1]]))
    assert text(answer).startswith("ZKR1:")
