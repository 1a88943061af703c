"""The national register of graduation certificates: list, one certificate, revocation."""

from __future__ import annotations

from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    action,
    history_of,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.foundation.provinces import PROVINCES, province_name
from zikao.national import policies
from zikao.national.commands import revoke_certificate
from zikao.national.forms.certificates import RevokeForm
from zikao.national.models import RegisteredCertificate
from zikao.national.queries import certificates as queries
from zikao.stages.candidates.states import Sex

tell(**{"national.registered": "审核并注册一批证书", "national.revoked": "撤销证书注册"})


def _pill(row: RegisteredCertificate) -> Pill:
    return Pill("已撤销", "danger") if row.revoked_at else Pill("已注册", "done")


@staff_page(posts=policies.READERS)
def certificate_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The register."""
    table = Table(
        queries.registered(),
        (
            Column("number", "证书编号", "code", sortable=True),
            Column("name", "姓名"),
            Column("major", "专业", value=lambda row: f"{row.major}（{queries.level_label(row.level)}）"),
            Column("province", "省份", value=lambda row: province_name(row.province)),
            Column("issued_on", "发证日期", "date"),
            Column("registered_at", "注册时间", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("number", "证书编号", lookup="number__startswith"),
            Filter("name", "姓名", lookup="name__startswith"),
            Filter("province", "省份", "choice", tuple(PROVINCES.items())),
            Filter("revoked", "状态", "choice", (("0", "已注册"), ("1", "已撤销")), lookup=_by_state),
        ),
        link=lambda row: reverse("national:certificate", args=[row.number]),
        order="number",
        empty="还没有注册的证书。各省上报后，在这里查看。",
    )
    return table_page(request, title="毕业证书电子注册", table=table)


def _by_state(rows: object, value: str) -> object:
    return rows.filter(revoked_at__isnull=value != "1")  # type: ignore[attr-defined]


@staff_page(posts=policies.READERS)
def certificate(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One registered certificate."""
    found = queries.certificate(number)
    revoke = Action(
        "撤销注册", "national:revoke", {"number": number}, "查实弄虚作假的，撤销注册并通知发证的省。",
        clause="SR-A3.7", danger=True,
    )  # fmt: skip
    return object_page(
        request,
        kicker="毕业证书电子注册",
        title=f"{found.name}　{found.number}",
        pill=_pill(found),
        back=Link("毕业证书电子注册", reverse("national:certificates")),
        facts={"注册内容": _content(found), "注册": _registration(found)},
        steps=_steps(found),
        actions=[revoke.open_if(found.revoked_at is None, "这份证书的注册已经撤销。", "SR-A3.7")],
        history=[
            *history_of(f"national.registeredcertificate:{found.pk}"),
            *history_of(f"national.batch:{found.province}:{found.issued_on}"),
        ],
    )


def _content(found: RegisteredCertificate) -> list[Fact]:
    portrait = b64encode(storage.get(found.portrait)).decode() if found.portrait else ""
    return [
        *([Fact("照片", f"data:image/jpeg;base64,{portrait}", "image")] if portrait else []),
        Fact("证书编号", found.number, "code", clause="SR-A3.1"),
        Fact("姓名", found.name),
        Fact("性别", dict(Sex.choices).get(found.sex, found.sex)),
        Fact("身份证号", queries.id_number_of(found), "masked"),
        Fact("专业", f"{found.major}（{found.major_code}）"),
        Fact("层次", queries.level_label(found.level)),
        Fact("主考学校", found.school),
        Fact("发证日期", found.issued_on, "date"),
    ]


def _registration(found: RegisteredCertificate) -> list[Fact]:
    facts = [
        Fact("上报省份", province_name(found.province)),
        Fact("注册时间", found.registered_at, "datetime", clause="SR-A3.2"),
    ]
    if found.revoked_at is not None:
        facts.append(Fact("撤销时间", found.revoked_at, "datetime", clause="SR-A3.7"))
        facts.append(Fact("撤销理由", found.revoked_reason))
    return facts


def _steps(found: RegisteredCertificate) -> tuple[Step, ...]:
    here = Step("已注册", "past" if found.revoked_at else "present", found.registered_at)
    return (here, Step("已撤销", "present", found.revoked_at)) if found.revoked_at else (here,)


revoke = action(
    revoke_certificate,
    RevokeForm,
    title="撤销证书注册",
    what="公开查验从现在起显示“注册已经撤销”，并通知发证的省。撤销不能撤回。",
    clause="SR-A3.7",
    button="撤销注册",
    danger=True,
    done="已撤销，并已通知发证的省。",
    back="national:certificate",
)
