"""What is kept, and the one path to destroy it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.factories import retention as make
from tests.factories.approvals import proof_of, proposal, sign_all, someone
from zikao.foundation import storage
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.commands import refuse_approval
from zikao.foundation.approvals.models import Approval
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger.models import Line
from zikao.foundation.retention import commands, queries
from zikao.foundation.retention.models import Clock, Destruction, Hold
from zikao.foundation.retention.registry import files_of, needs, registry_cleared
from zikao.foundation.retention.states import OpenCase, Standing

OFFICER = Actor("邓刚", Post.PAPERS_OFFICER, "32")
LATER = timedelta(days=1)


@pytest.fixture
def long_ago(transactional_db: None, at: datetime) -> None:
    """A sitting published more than five years ago, its time entered on that day."""
    make.started_long_ago(make.owner_url())


def approved(at: datetime, destruction: Destruction) -> Destruction:
    sign_all(Approval.objects.get(pk=destruction.approval_id), at)
    destruction.refresh_from_db()
    return destruction


def test_a_papers_officer_registers_scripts_and_their_time_does_not_run_yet(db: None, at: datetime) -> None:
    held = make.a_holding(at)
    stands = queries.how_they_stand([held], at.date())[held.pk]
    assert stands.standing is Standing.NOT_RUNNING
    assert Line.objects.get(subject=f"retention.holding:{held.pk}").command == "retention.registered"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"kind": "tea"}, BadInput), ({"quantity": 0}, BadInput), ({"agency_code": "33"}, NotFound)],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(
    db: None, at: datetime, change: dict[str, object], refusal: type[Exception]
) -> None:
    asked = {
        "kind": "scripts",
        "matter": "2026-10",
        "title": "答卷",
        "place": "库",
        "keeper": "邓刚",
        "quantity": 1,
        "unit": "袋",
        "agency_code": "32",
    } | change
    with pytest.raises(refusal):
        commands.register_holding(**asked, by=OFFICER, at=at)  # type: ignore[arg-type]
    assert not queries.holdings(OFFICER).exists()


def test_the_same_thing_is_registered_once(db: None, at: datetime) -> None:
    make.a_holding(at)
    with pytest.raises(Conflict):
        make.a_holding(at)


def test_the_time_of_a_sitting_starts_once_and_not_tomorrow(db: None, at: datetime) -> None:
    with pytest.raises(BadInput):
        commands.note_publication(matter="2024-10", on=date(2026, 8, 21), evidence=b"x", by=OFFICER, at=at)
    commands.note_publication(matter="2024-10", on=date(2024, 12, 1), evidence=b"x", by=OFFICER, at=at)
    with pytest.raises(Conflict):
        commands.note_publication(matter="2024-10", on=date(2024, 11, 1), evidence=b"x", by=OFFICER, at=at)
    assert Clock.objects.get(matter="2024-10").started_on == date(2024, 12, 1)


@pytest.mark.parametrize(
    ("kind", "days_after", "code"),
    [("scripts", 0, "retention-runs"), ("scan-images", 3000, "retention-runs"), ("scores", 30000, "kept-for-ever")],
)
def test_nothing_is_listed_for_destruction_before_its_time(
    db: None, at: datetime, kind: str, days_after: int, code: str
) -> None:
    held = make.a_holding(at, kind=kind)
    commands.note_publication(matter=make.MATTER, on=at.date(), evidence=b"x", by=OFFICER, at=at)
    with pytest.raises(Refused) as refusal:
        make.a_proposal(at + timedelta(days=days_after), held, by=OFFICER)
    assert refusal.value.code == code
    assert not Destruction.objects.exists()


def test_two_people_destroy_what_is_due_and_the_list_says_so(long_ago: None, at: datetime) -> None:
    held = make.a_holding(at)
    proposer, officer = make.somebody(at, Post.SCORE_OFFICER), make.somebody(at, Post.RECORDS_CLERK)
    auditor = make.somebody(at, Post.AUDITOR)
    destruction = approved(at, make.a_proposal(at, held, by=proposer))
    assert destruction.state == "approved"
    commands.carry_out_destruction(destruction_id=destruction.pk, by=officer, at=at)
    done = commands.witness_destruction(destruction_id=destruction.pk, by=auditor, at=at).value
    assert done.state == "destroyed"
    assert queries.how_they_stand([held], at.date())[held.pk].standing is Standing.DESTROYED
    assert queries.due_soon(OFFICER, at.date()) == []


def test_the_executor_does_not_witness(long_ago: None, at: datetime) -> None:
    held = make.a_holding(at)
    proposer, officer = make.somebody(at, Post.SCORE_OFFICER), make.somebody(at, Post.RECORDS_CLERK)
    destruction = approved(at, make.a_proposal(at, held, by=proposer))
    commands.carry_out_destruction(destruction_id=destruction.pk, by=officer, at=at)
    same = Actor(officer.name, Post.RECORDS_HEAD, "32", account_id=officer.account_id)
    with pytest.raises(Refused) as refusal:
        commands.witness_destruction(destruction_id=destruction.pk, by=same, at=at)
    assert refusal.value.code == "destruction-one-person"
    destruction.refresh_from_db()
    assert destruction.state == "carried-out"


def test_nobody_carries_out_what_is_not_approved(long_ago: None, at: datetime) -> None:
    destruction = make.a_proposal(at, make.a_holding(at), by=make.somebody(at, Post.SCORE_OFFICER))
    with pytest.raises(WrongState):
        commands.carry_out_destruction(destruction_id=destruction.pk, by=OFFICER, at=at)


def test_a_hold_since_the_approval_stops_the_destruction_until_another_releases_it(
    long_ago: None, at: datetime
) -> None:
    held = make.a_holding(at)
    destruction = approved(at, make.a_proposal(at, held, by=make.somebody(at, Post.SCORE_OFFICER)))
    officer, head = make.somebody(at, Post.RECORDS_CLERK), make.somebody(at, Post.RECORDS_HEAD, number=2)
    hold = commands.place_hold(
        title="行政诉讼", reason="法院调卷", cases=["violations.case:7"], holding_ids=[held.pk], by=head, at=at
    ).value
    with pytest.raises(Refused) as refusal:
        commands.carry_out_destruction(destruction_id=destruction.pk, by=officer, at=at)
    assert refusal.value.code == "destruction-held"
    with pytest.raises(NotPermitted):
        commands.release_hold(hold_id=hold.pk, reason="结案", by=head, at=at)
    auditor = make.somebody(at, Post.AUDITOR)
    commands.release_hold(hold_id=hold.pk, reason="结案", by=auditor, at=at)
    with pytest.raises(WrongState):
        commands.release_hold(hold_id=hold.pk, reason="结案", by=auditor, at=at)
    commands.carry_out_destruction(destruction_id=destruction.pk, by=officer, at=at)


def test_an_open_case_keeps_its_sittings_scripts(long_ago: None, at: datetime) -> None:
    held = make.a_holding(at)
    with registry_cleared():
        needs("test")(lambda matter: [OpenCase("violations.case:1", "违规案件 1 号")] if matter == make.MATTER else [])
        with pytest.raises(Refused) as refusal:
            make.a_proposal(at, held, by=make.somebody(at, Post.SCORE_OFFICER))
    assert refusal.value.code == "destruction-cases-open"


def test_a_refused_list_frees_its_things_for_another(long_ago: None, at: datetime) -> None:
    held, proposer = make.a_holding(at), make.somebody(at, Post.SCORE_OFFICER)
    first = make.a_proposal(at, held, by=proposer)
    with pytest.raises(Conflict):
        make.a_proposal(at, held, by=proposer)
    head = someone(Post.PROVINCE_HEAD, "32", at)
    refuse_approval(approval_id=first.approval_id, proof=proof_of(head, at), comment="再核", by=head, at=at)
    first.refresh_from_db()
    assert first.state == "refused"
    assert make.a_proposal(at, held, by=proposer).number.endswith("-0002")


def test_stored_files_go_with_the_witness_and_not_before(long_ago: None, at: datetime) -> None:
    mine = storage.put(b"a scan of 2021-04", media_type="image/jpeg", at=at)
    shared = storage.put(b"a scan that another sitting keeps", media_type="image/jpeg", at=at)
    held = make.a_holding(at, kind="scripts")
    make.a_holding(at, kind="session-video", matter="2026-04", title="录像")
    with registry_cleared():
        files_of("scripts")(lambda matter: [mine, shared])
        files_of("session-video")(lambda matter: [shared])
        destruction = approved(at, make.a_proposal(at, held, by=make.somebody(at, Post.SCORE_OFFICER)))
        commands.carry_out_destruction(destruction_id=destruction.pk, by=make.somebody(at, Post.RECORDS_CLERK), at=at)
        assert storage.get(mine) == b"a scan of 2021-04"
        commands.witness_destruction(destruction_id=destruction.pk, by=make.somebody(at, Post.AUDITOR), at=at)
    with pytest.raises(storage.FileErased):
        storage.get(mine)
    assert storage.get(shared) == b"a scan that another sitting keeps"
    assert storage.sweep() == 0


def test_another_provinces_things_do_not_exist(db: None, at: datetime) -> None:
    held = make.a_holding(at)
    stranger = Actor("外省", Post.PAPERS_OFFICER, "33")
    with pytest.raises(NotFound):
        commands.move_holding(holding_id=held.pk, place="别处", keeper="别人", by=stranger, at=at)
    assert not Hold.objects.exists()


def test_publication_starts_the_time_of_the_sitting_and_registers_its_scans(db: None, at: datetime) -> None:
    from tests.factories import results

    published = results.published(at)
    started = Clock.objects.get(event="publication")
    assert (started.matter, started.started_on) == (published.sitting.code, at.date())


def test_a_matters_stored_files_are_registered_once(db: None, at: datetime) -> None:
    with registry_cleared():
        files_of("scan-images")(lambda matter: ["a" * 64, "b" * 64])
        for _ in range(2):
            commands.begin_keeping(matter="2026-10", agency_code="32", by=OFFICER, at=at)
    held = queries.holdings(OFFICER).get()
    assert (held.kind, held.quantity, held.unit) == ("scan-images", 2, "件")
    assert queries.how_they_stand([held], at.date())[held.pk].until == date(2056, 8, 20)


def test_the_papers_of_a_correction_are_kept_for_thirty_years_from_the_last_signature(db: None, at: datetime) -> None:
    approval = sign_all(proposal(at), at)
    assert Clock.objects.get(event="approval").matter == f"approvals.approval:{approval.pk}"
