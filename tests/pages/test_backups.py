"""Pages of backups: the list with its age, one part, drills with their report, custodies and hand-overs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories.accounts import PASSWORD, an_account
from tests.factories.backups import a_backup, a_drill, custodies
from zikao.foundation import storage
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.backups import commands
from zikao.foundation.backups.models import CustodyKey
from zikao.foundation.crypto import new_envelope_key
from zikao.foundation.jobs.models import Work
from zikao.foundation.pages import state_of_trust

pytestmark = pytest.mark.django_db


def one_backup(at: datetime) -> dict[str, Any]:
    return {"backup_id": a_backup(at).pk}


def one_drill(at: datetime) -> dict[str, Any]:
    report = storage.put(b"%PDF-1.7", media_type="application/pdf", at=at)
    return {"drill_id": a_drill(at, a_backup(at), report=report).pk}


def one_key(at: datetime) -> dict[str, Any]:
    custodies(at)
    return {"key_id": CustodyKey.objects.get(custody="business").pk}


READ = {"guest": 302, "candidate": 403, "system-admin": 200, "auditor": 200, "province-head": 200, "county-clerk": 403}
ACT = {"guest": 302, "candidate": 403, "system-admin": 200, "province-head": 403, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "backups:list": READ,
    "backups:backup": {"kwargs": one_backup, **READ},
    "backups:failures": READ,
    "backups:order": ACT,
    "backups:drills": READ,
    "backups:drill": {"kwargs": one_drill, **READ},
    "backups:report": {"kwargs": one_drill, **READ},
    "backups:order-drill": {**ACT, "auditor": 200},
    "backups:custodies": READ,
    "backups:custody": {"kwargs": one_key, **READ},
    "backups:register": ACT,
    "backups:place": ACT,
    "backups:hand-over": {"kwargs": one_key, **ACT},
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def trust(at: datetime) -> dict[str, Any]:
    return {item.title: item for item in state_of_trust(node_actor(), at)}


def test_an_administrator_reads_what_is_missing_before_the_first_backup(signed_in):
    page = text(signed_in(Post.SYSTEM_ADMIN, "32").get(reverse("backups:list")))
    assert "还缺少业务部门的公钥、纪检监察部门的公钥、业务部门的存放处、纪检监察部门的存放处" in page
    assert "还没有备份" in page


def test_an_auditor_reads_where_both_copies_lie_and_whether_they_restore(signed_in, at):
    custodies(at)
    row = a_backup(at)
    auditor = signed_in(Post.AUDITOR, "32")
    page = text(auditor.get(reverse("backups:backup", args=[row.pk])))
    for said in ("/backups/business", "/backups/discipline", row.digest, "未演练", "9.4 MB", "SR-A1.11"):
        assert said in page or said.replace("SR-A1.11", "考籍") in page
    a_drill(at, row)
    assert "已演练" in text(auditor.get(reverse("backups:backup", args=[row.pk])))


def test_a_failed_drill_names_what_did_not_hold(signed_in, at):
    drill = a_drill(at, a_backup(at), holds=False)
    page = text(signed_in(Post.AUDITOR, "32").get(reverse("backups:drill", args=[drill.pk])))
    assert "未通过" in page
    assert "各表行数" in page


def test_a_report_is_downloaded_as_pdf(signed_in, at):
    answer = signed_in(Post.AUDITOR, "32").get(reverse("backups:report", kwargs=one_drill(at)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == b"%PDF-1.7"


def test_an_administrator_orders_a_backup_as_long_work(signed_in, at):
    admin = signed_in(Post.SYSTEM_ADMIN, "32")
    refused = text(admin.post(reverse("backups:order"), {"kind": "full"}))
    assert "还缺少" in refused
    custodies(at)
    answer = admin.post(reverse("backups:order"), {"kind": "full"})
    work = Work.objects.get()
    assert answer["Location"] == reverse("work:one", args=[work.pk])
    assert (work.kind, work.given) == ("backups.make", {"kind": "full"})
    assert "正在进行" in text(admin.post(reverse("backups:order"), {"kind": ""}))


def test_a_custody_is_handed_over_with_both_present(signed_in, at):
    custodies(at)
    key = CustodyKey.objects.get(custody="discipline")
    old, new = an_account(at, "li.si"), an_account(at, "wang.wu")
    _, public = new_envelope_key()
    form = {
        "holder_name": "王五",
        "holder_unit": "驻厅纪检监察组",
        "public_key": public.decode(),
        "handing_username": old.username,
        "handing_secret": "wrong-password-1",
        "receiving_username": new.username,
        "receiving_secret": PASSWORD,
    }
    admin = signed_in(Post.SYSTEM_ADMIN, "32")
    url = reverse("backups:hand-over", args=[key.pk])
    assert "密码不对" in text(admin.post(url, form))
    assert not hasattr(CustodyKey.objects.get(pk=key.pk), "successor")
    alone = text(admin.post(url, form | {"handing_username": new.username, "handing_secret": PASSWORD}))
    assert "不能是同一人" in alone
    answer = admin.post(url, form | {"handing_secret": PASSWORD})
    successor = CustodyKey.objects.get(predecessor=key)
    assert answer["Location"] == reverse("backups:custody", args=[successor.pk])
    assert sorted(successor.present) == sorted([old.pk, new.pk])
    assert "已经交接" in text(admin.get(reverse("backups:custody", args=[key.pk])))


def test_the_trust_page_says_at_once_that_a_backup_failed_or_is_late(at):
    assert trust(at)["备份"].state == "broken"
    custodies(at)
    a_backup(at)
    assert trust(at)["备份"].state == "ok"
    assert trust(at + timedelta(minutes=16))["备份"].state == "due"  # the log is behind
    late = trust(at + timedelta(hours=12, minutes=1))["备份"]
    assert late.state == "broken"
    assert "超过 12 小时" in late.sentence
    failed_at = at + timedelta(minutes=1)
    commands.record_failure(
        kind="wal", code="target-full", message="备份目标已满", remedy="请清理", by=node_actor(), at=failed_at
    )
    broken = trust(failed_at)["备份"]
    assert (broken.state, broken.since) == ("broken", failed_at)
    assert "备份目标已满" in broken.sentence


def test_the_trust_page_asks_for_a_drill_and_remembers_one_that_failed(at):
    custodies(at)
    assert trust(at)["恢复演练"].state == "due"
    row = a_backup(at)
    a_drill(at, row)
    assert trust(at)["恢复演练"].state == "ok"
    assert trust(at + timedelta(days=32))["恢复演练"].state == "due"
    a_drill(at, row, holds=False)
    failed = trust(at)["恢复演练"]
    assert failed.state == "broken"
    assert "各表行数" in failed.sentence


def test_an_administrator_finds_a_failure_on_the_work_list(signed_in, at):
    custodies(at)
    commands.record_failure(kind="full", code="x", message="目标离线", remedy="请检查", by=node_actor(), at=at)
    admin = signed_in(Post.SYSTEM_ADMIN, "32")
    assert "备份未按时完成" in text(admin.get(reverse("portals:staff-home")))
    assert "目标离线" in text(admin.get(reverse("backups:failures")))
