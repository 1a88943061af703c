"""Recusal closes doors: of relatives' pages and acts, of what is secret in a sitting, of scores, rooms and rosters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import agencies, candidates, entries, personnel, programmes, records
from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.actors import area_clerk, clerk, county_clerk
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.commands import apart
from zikao.foundation.errors import Conflict, NotPermitted, Refused
from zikao.foundation.secrecy.classes import distance
from zikao.foundation.secrecy.registers import has_interest
from zikao.stages.candidates import commands as registering
from zikao.stages.candidates.models import ID_NUMBER, Candidate
from zikao.stages.candidates.queries import tutored_found
from zikao.stages.candidates.states import ListedCandidate
from zikao.stages.conduct.commands.sheets import invigilators_on_duty
from zikao.stages.entries import commands as entering
from zikao.stages.entries.queries import payments_found as found_payments
from zikao.stages.entries.states import EntryRow, ListedPayment, PaymentRow
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import ID_NUMBER as STAFF_NUMBER
from zikao.stages.personnel.models import InterestFlag, Person
from zikao.stages.personnel.states import FlagKind, FlagState, InterestKind, PostKind, Relation
from zikao.stages.programmes.models import Unit
from zikao.stages.records.commands import open_record
from zikao.stages.results.commands import approve_scores
from zikao.stages.results.models import ChangeList

pytestmark = pytest.mark.django_db
SITTING = "2026-10"


def a_worker(at: datetime, post: Post = Post.COUNTY_CLERK) -> tuple[Account, Person]:
    """A member of staff with an account, full-time, on the register."""
    account = a_member_of_staff(at, post)
    return account, personnel.certified(at, {account.pk: account.name}, PostKind.PAPERS, agency_code="320102")[0]


def acting(account: Account, post: Post = Post.COUNTY_CLERK, agency: str = "320102") -> Actor:
    return Actor(account.name, post, agency, account_id=account.pk)


def is_child_of(child: Candidate, person: Person, at: datetime) -> None:
    commands.declare_kin(
        person_id=person.pk, relation=Relation.CHILD, name=child.name, id_number=ID_NUMBER.text(child),
        by=area_clerk(), at=at,
    )  # fmt: skip


def test_relatives_pages_and_acts_are_closed_and_strangers_stay_open(at: datetime, client: Client) -> None:
    """A county clerk opens, corrects, enters or files a matter of their own child, or signs an approval about it."""
    account, person = a_worker(at)
    child, stranger = candidates.a_candidate(at), candidates.a_candidate(at)
    sign_in(client, account)
    page = reverse("candidates:candidate", args=[child.pk])
    assert client.get(page).status_code == 200
    is_child_of(child, person, at)
    answer = client.get(page)
    assert answer.status_code == 409
    assert "子女" in answer.content.decode()
    assert "第十一条" in answer.content.decode()
    assert client.get(reverse("candidates:integrity", args=[child.pk])).status_code == 409
    assert client.get(reverse("candidates:candidate", args=[stranger.pk])).status_code == 200
    by = acting(account)
    with pytest.raises(Refused) as refusal:
        registering.issue_card(candidate_id=child.pk, by=by, at=at)
    assert (refusal.value.code, refusal.value.clause) == ("own-relative", "EA-11.1")
    keeper = acting(account, Post.RECORDS_CLERK, "32")
    with pytest.raises(Refused):
        open_record(candidate_id=child.pk, by=keeper, at=at)
    assert not registering.issue_card(candidate_id=stranger.pk, by=by, at=at).repeated
    assert registering.issue_card(candidate_id=child.pk, by=county_clerk(), at=at)


def test_empty_form_of_an_act_on_a_relatives_matter_does_not_open(at: datetime, client: Client) -> None:
    """A records clerk opens the form of an act, by the number of a child, a child's case, score or certificate."""
    account, person = a_worker(at, Post.RECORDS_CLERK)
    child, stranger = candidates.a_candidate(at), candidates.a_candidate(at)
    is_child_of(child, person, at)
    sign_in(client, account)
    opening = [client.get(reverse("records:open", args=[each.pk])).status_code for each in (child, stranger)]
    assert opening == [409, 200]
    meant = {
        ("candidate", "records"): "candidates.candidate",
        ("case", "violations"): "violations.case",
        ("correction", "marking"): "marking.datacorrection",
        ("score", "records"): "results.score",
        ("certificate", "records"): "records.passcertificate",
        ("certificate", "graduation"): "graduation.graduationcertificate",
        ("flag", "personnel"): "personnel.interestflag",
        ("move", "transfers"): "transfers.move",
    }
    for (name, app), label in meant.items():
        assert apart._model_named(name, app)._meta.label_lower == label
    assert apart._model_named("session", "collecting") is None


def test_relative_in_a_list_is_named_and_nothing_is_written_for_them(at: datetime) -> None:
    """A clerk hands in a file of wishes or of fees with their own child, or the child who named them, among others."""
    account, person = a_worker(at)
    child, other, stranger = (candidates.a_candidate(at) for _ in range(3))
    is_child_of(child, person, at)
    commands.declare_staff_kin(
        relation=Relation.PARENT,
        name="某",
        id_number=STAFF_NUMBER.text(person),
        by=candidates.as_candidate(other),
        at=at,
    )
    entries.a_window(at)
    paper, by = programmes.a_paper(at, entries.UNIT_1).pk, acting(account)
    rows = [EntryRow(each.pk, paper, "3201", pledged=True) for each in (child, other, stranger)]
    done = entering.enter_many(rows=rows, sitting_code=SITTING, by=by, at=at).value
    assert done.entered == 1
    assert [(each.candidate_id, each.code) for each in done.refused] == [
        (child.pk, "own-relative"), (other.pk, "own-relative"),
    ]  # fmt: skip
    entries.entries(at, child, (entries.UNIT_1,))
    fees = [PaymentRow(each.pk, f"F{each.pk}", 3700) for each in (child, stranger)]
    with pytest.raises(Refused) as refusal:
        entering.record_payments(payments=fees, sitting_code=SITTING, by=by, at=at)
    assert refusal.value.code == "own-relative"
    assert [fault.line for fault in found_payments([ListedPayment(2, child.admission_number, "F1", 1)], by)[1]] == [2]
    assert [fault.line for fault in tutored_found([ListedCandidate(2, other.admission_number, "")], by)[1]] == [2]


def test_nobody_opens_the_form_of_an_act_about_themselves(at: datetime, client: Client) -> None:
    """A director opens the form that decides on a sign about themselves, or confirms their own conditions."""
    account, person = a_worker(at, Post.AREA_DIRECTOR)
    Person.objects.filter(pk=person.pk).update(agency_code="3201")
    flag = personnel.a_flag(at, Person.objects.get(pk=person.pk))
    sign_in(client, account)
    for name, key in (("decide-flag", flag.pk), ("record-conduct", person.pk), ("review", person.pk)):
        answer = client.get(reverse(f"personnel:{name}", args=[key]))
        assert (answer.status_code, "本人不能" in answer.content.decode()) == (403, True), name
    _, another = a_worker(at, Post.PREFECTURE_CLERK)
    Person.objects.filter(pk=another.pk).update(agency_code="3201")
    assert client.get(reverse("personnel:record-conduct", args=[another.pk])).status_code == 200


def test_the_candidate_declares_and_the_pages_close_for_the_relative_too(at: datetime) -> None:
    """The clerk says nothing; the other side does. Withdrawn, the page opens again; oneself is never one's own case."""
    account, person = a_worker(at)
    child = candidates.a_candidate(at)
    by = acting(account)
    own = candidates.as_candidate(child)
    kin = commands.declare_staff_kin(
        relation=Relation.PARENT, name="某", id_number=STAFF_NUMBER.text(person), by=own, at=at
    ).value
    with pytest.raises(Refused):
        registering.issue_card(candidate_id=child.pk, by=by, at=at)
    commands.withdraw_kin(kin_id=kin.pk, by=own, at=at)
    assert registering.issue_card(candidate_id=child.pk, by=by, at=at)
    Person.objects.filter(pk=person.pk).update(id_number_index=child.id_number_index)
    with pytest.raises(Refused) as refusal:
        registering.issue_card(candidate_id=child.pk, by=by, at=at)
    assert "本人" in refusal.value.message


def test_nobody_registers_their_own_child(at: datetime) -> None:
    """The child is no candidate yet when the clerk begins: the registration is rolled back as a whole."""
    account, person = a_worker(at)
    candidates.a_candidate(at)
    child = candidates.an_applicant(at)
    commands.declare_kin(
        person_id=person.pk, relation=Relation.CHILD, name=child.name, id_number=child.id_number, by=area_clerk(), at=at
    )
    given: dict[str, Any] = {"applicant": child, "county_code": "320102", "sitting_code": SITTING, "at": at}
    with pytest.raises(Refused):
        registering.register_candidate(**given, rules_accepted=True, by=acting(account))
    assert Candidate.objects.count() == 1
    registering.register_candidate(**given, rules_accepted=True, by=county_clerk())


def test_every_row_of_a_candidate_leads_to_the_candidate(at: datetime) -> None:
    """Entries, records, scores, cases and approvals are known as a candidate's without anybody listing them."""
    record = records.a_record(at)
    assert apart.candidate_of(record) == record.candidate_id
    assert apart.candidate_of(record.candidate) == record.candidate_id
    assert apart.candidate_of(Approval(subject=f"records.record:{record.pk}")) == record.candidate_id
    for subject in ("records.record:99999999", "no.such:1", "agencies.site:1", "records.record:x", ""):
        assert apart.candidate_of(Approval(subject=subject)) is None


def test_family_that_entered_closes_secrets_though_nobody_compared(at: datetime) -> None:
    """Kin were declared, no comparison was ordered: papers, keys, scripts, scores, the roster all know."""
    account, person = a_worker(at)
    by, on = acting(account, Post.PAPERS_OFFICER, "32"), personnel.EXAM_DAY
    child = candidates.a_candidate(at)
    is_child_of(child, person, at)
    assert not has_interest(by, SITTING, on)
    entries.entries(at, child)
    assert has_interest(by, SITTING, on)
    assert not has_interest(by, "2027-04", on)
    assert [each.code for each in distance(SITTING, "成绩", by=by, at=at).refusals] == ["secret-interest"]
    fit = queries.fitness(person, PostKind.PAPERS, SITTING, on)
    assert [each.code for each in fit.refusals] == ["full-time-recused"]
    site, units = agencies.a_site(at), queries.units_of(SITTING)[:1]
    _, other = personnel.invigilators(at, 2)
    assert len(queries.pool(area_clerk(), site, SITTING, units, "3201")) == 2
    is_child_of(child, other, at)
    assert other.pk not in {each.person for each in queries.pool(area_clerk(), site, SITTING, units, "3201")}
    assert other.pk in queries.with_family_sitting([other, person], SITTING)


def test_scores_are_not_signed_by_who_has_an_interest(at: datetime, client: Client) -> None:
    """The head signs, or reads, the sitting's scores in which their own child sat."""
    from tests.factories.results import collected

    account, person = a_worker(at, Post.RECORDS_HEAD)
    collected(at, (75, 60))
    commands.declare_interest(
        person_id=person.pk, sitting_code=SITTING, kind=InterestKind.RELATIVE, by=area_clerk(), at=at
    )
    with pytest.raises(Refused) as refusal:
        approve_scores(sitting=SITTING, by=acting(account, Post.RECORDS_HEAD, "32"), at=at)
    assert refusal.value.code == "secret-interest"
    page = reverse("results:change-list", args=[ChangeList.objects.get().pk])
    sign_in(client, account)
    text = client.get(page).content.decode()
    assert "应当回避" in text
    assert '<td class="code">' not in text
    Person.objects.update(account_id=None)
    assert '<td class="code">' in client.get(page).content.decode()


def test_late_declaration_is_found_at_once_and_the_duty_has_to_be_handed_over(at: datetime) -> None:
    """A part-time invigilator on duty declares after the roster was drawn: no need of another comparison."""
    child = candidates.a_candidate(at)
    entries.entries(at, child)
    site = agencies.a_site(at, rooms=1)
    duty, *_ = personnel.staffed_rooms(at, site)
    assert not queries.duties_to_hand_over(area_clerk())
    is_child_of(child, duty.person, at)
    flag = InterestFlag.objects.get()
    assert (flag.person_id, flag.candidate_id, flag.kind) == (duty.person_id, child.pk, FlagKind.BY_STAFF)
    assert [each.pk for each in queries.duties_to_hand_over(area_clerk())] == [duty.pk]
    unit = Unit.objects.get(sitting__code=SITTING, number=1)
    assert duty.person_id in invigilators_on_duty(site, unit)[duty.room_id]
    commands.decide_flag(flag_id=flag.pk, state=FlagState.RECUSED, reason="子女参加考试", by=area_clerk(), at=at)
    assert duty.person_id not in invigilators_on_duty(site, unit)[duty.room_id]


def test_nobody_decides_what_concerns_themselves(at: datetime) -> None:
    """A clerk on the register dismisses their own sign, withdraws their kin, certifies or clears themselves."""
    account, person = a_worker(at, Post.PREFECTURE_CLERK)
    by = acting(account, Post.PREFECTURE_CLERK, "3201")
    Person.objects.filter(pk=person.pk).update(agency_code="3201")
    person.refresh_from_db()
    flag = personnel.a_flag(at, person)
    kin = commands.declare_own_kin(
        relation=Relation.SPOUSE, name="𠮷㛃", id_number=personnel.an_id_number(), by=by, at=at
    ).value
    record = personnel.a_conduct_record(at, person)
    given: dict[str, Any] = {"by": by, "at": at}
    day = at.date()
    for act in (
        lambda: commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="无", **given),
        lambda: commands.withdraw_kin(kin_id=kin.pk, **given),
        lambda: commands.annul_conduct(record_id=record.pk, reason="无", **given),
        lambda: commands.review_conditions(person_id=person.pk, confirmed=[], evidence="无", **given),
        lambda: commands.issue_certificate(
            person_id=person.pk, post_kind=PostKind.CHIEF, training=personnel.a_training(at), valid_from_on=day,
            valid_until=day + timedelta(days=9), **given,
        ),
    ):  # fmt: skip
        with pytest.raises(NotPermitted) as refusal:
            act()
        assert refusal.value.code == "concerns-oneself"


def test_sitting_oneself_is_not_dismissed_and_others_are_not_declared_for(at: datetime) -> None:
    """The area waves through who sits the exam themselves; an invigilator's account declares for a colleague."""
    flag = personnel.a_flag(at, personnel.a_person(at), FlagKind.SAME_PERSON)
    with pytest.raises(Conflict):
        commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="无妨", by=area_clerk(), at=at)
    declare: dict[str, Any] = {"person_id": flag.person_id, "sitting_code": SITTING, "kind": InterestKind.OTHER}
    with pytest.raises(NotPermitted):
        commands.declare_interest(**declare, by=clerk(Post.INVIGILATOR, "3201"), at=at)


def test_worker_declares_on_their_own_page_whatever_the_post(at: datetime, client: Client) -> None:
    """Declared by the worker, it holds at once; wrong numbers are told, and nobody unregistered declares."""
    programmes.a_sitting(at)
    account, person = a_worker(at, Post.MARKER)
    sign_in(client, account)
    kin = {"relation": "child", "name": "欧阳𠮷", "id_number": personnel.an_id_number()}
    for wrong in ("123", "", "1" * 400, "11010119900101123X<script>", STAFF_NUMBER.text(person)):
        answer = client.post(reverse("personnel:declare-own-kin"), {**kin, "id_number": wrong})
        assert answer.status_code == 422
        assert "欧阳𠮷" in answer.content.decode()
    assert client.post(reverse("personnel:declare-own-kin"), kin).status_code == 302
    assert (
        client.post(reverse("personnel:declare-own"), {"sitting_code": "2099-10", "kind": "other"}).status_code == 422
    )
    assert client.post(reverse("personnel:declare-own"), {"sitting_code": SITTING, "kind": "other"}).status_code == 302
    text = client.get(reverse("personnel:mine")).content.decode()
    assert "欧阳𠮷" in text
    assert "须回避" in text
    assert kin["id_number"] not in text
    assert has_interest(acting(account, Post.MARKER, "32"), SITTING, personnel.EXAM_DAY)
    sign_in(client, a_member_of_staff(at, Post.GROUP_LEADER))
    assert client.post(reverse("personnel:declare-own-kin"), kin).status_code == 403
