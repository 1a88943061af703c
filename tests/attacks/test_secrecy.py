"""Attempts on what is secret: foreign eyes on keys and scripts, classes lowered by hand, sealed values moved."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories import marking as make
from tests.factories.accounts import a_member_of_staff
from tests.factories.actors import clerk, county_clerk
from tests.factories.candidates import a_candidate, an_applicant
from tests.factories.personnel import certified
from tests.pages.conftest import signed_in  # noqa: F401
from zikao.foundation import crypto
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, NotPermitted, Refused
from zikao.foundation.ledger.models import Line
from zikao.foundation.secrecy.classes import check_access, lower_by_publication, may_open
from zikao.foundation.secrecy.commands import reveal
from zikao.foundation.secrecy.masking import MaskingFormatter, mask_personal
from zikao.foundation.secrecy.models import Reveal, Secret, SecretAccess
from zikao.foundation.secrecy.states import Level, SecretKind
from zikao.stages.candidates.models import PHONE, Candidate
from zikao.stages.marking import commands
from zikao.stages.marking.models.keys import ANSWERS, AnswerKey
from zikao.stages.marking.secrets import KEY, RUBRIC, SCRIPTS, matter_of
from zikao.stages.personnel.models import Declaration, Person
from zikao.stages.personnel.states import PostKind
from zikao.stages.programmes.models import Paper, Sitting

# ruff: noqa: F811 - pytest's fixtures
pytestmark = pytest.mark.django_db
WHY = {"reason_code": "identity", "reason": "核对身份证原件"}


@pytest.fixture
def paper(at: datetime) -> Paper:
    """A paper whose questions and key are there."""
    paper = make.a_paper(at, make.COURSE)
    make.the_questions(at, paper)
    make.an_entered_key(at, paper)
    return paper


def a_declaration(actor: Actor, sitting: str, at: datetime) -> None:
    """The person behind an account has a relative in the sitting."""
    known = Person.objects.filter(account_id=actor.account_id).first()
    person = known or Person.objects.create(
        id=77_000 + (actor.account_id or 0),
        name=actor.name,
        unit="省教育考试院",
        sex="1",
        id_number_sealed=crypto.seal("1"),
        id_number_index=str(actor.account_id).encode(),
        kind="full",
        agency_code="32",
        conditions_confirmed_on=at.date(),
        account_id=actor.account_id,
        registered_at=at,
    )
    Declaration.objects.create(person=person, sitting_code=sitting, kind="relative", declared_at=at)


def publish(paper: Paper) -> None:
    """The sitting's results stand as published, as the owner of the next stage would leave them."""
    from zikao.stages.results.models import Publication

    at = datetime.fromisoformat("2026-12-20T10:00:00+08:00")
    Publication.objects.create(
        sitting=paper.sitting, state="published", count=0, digest="0" * 64, collected_at=at, published_at=at
    )


def test_matters_are_classified_where_they_are_made(paper: Paper) -> None:
    """Making questions and a key puts both under their class: top secret if national, else confidential."""
    levels = {secret.kind: secret.level for secret in Secret.objects.all()}
    expected = Level.TOP_SECRET if paper.course.national else Level.CONFIDENTIAL
    assert levels == {SecretKind.QUESTIONS: expected, SecretKind.KEY: expected}


@pytest.mark.parametrize("post", [Post.COUNTY_CLERK, Post.RECORDS_CLERK, Post.AUDITOR, Post.SYSTEM_ADMIN, Post.MARKER])
def test_nobody_outside_the_appointment_opens_a_key_and_the_attempt_stays_written(
    paper: Paper, at: datetime, post: Post
) -> None:
    """The rule refuses the key to five posts by EA-4.1; the attempt stays in the access log and the ledger."""
    with pytest.raises(Refused) as refused:
        check_access(matter_of(KEY, paper), "查看参考答案", by=clerk(post), at=at)
    assert (refused.value.code, refused.value.clause) == ("secret-not-appointed", "EA-4.1")
    written = SecretAccess.objects.get()
    assert (written.granted, written.code, written.post) == (False, "secret-not-appointed", post)
    assert Line.objects.get(command="secrecy.opened").facts["granted"] is False


def test_each_opening_of_a_key_leaves_a_line(paper: Paper, at: datetime, signed_in: Any) -> None:
    """The page of an answer key, opened twice, leaves two granted lines in the access log."""
    client = signed_in(Post.EXAM_AFFAIRS_HEAD, "32")
    for _ in range(2):
        client.get(reverse("marking:key", args=[AnswerKey.objects.get().pk]))
    assert list(SecretAccess.objects.values_list("granted", "kind")) == [(True, "key")] * 2


def test_marker_of_another_paper_may_not_open_scripts(paper: Paper, at: datetime) -> None:
    """The rule opens a paper's scripts to the markers appointed to this paper and to no other."""
    assert may_open(matter_of(SCRIPTS, paper), by=make.marker_actor(1), at=at).granted is False
    make.a_marker(at, paper, 1)
    assert may_open(matter_of(SCRIPTS, paper), by=make.marker_actor(1), at=at).granted
    assert may_open(matter_of(SCRIPTS, paper), by=make.marker_actor(2), at=at).granted is False


def test_relative_in_the_sitting_closes_questions_keys_and_scripts(paper: Paper, at: datetime) -> None:
    """A declared relative in the sitting bars by EA-11.1 from opening, signing and entering its keys."""
    assert may_open(matter_of(KEY, paper), by=make.HEAD, at=at).granted
    a_declaration(make.HEAD, paper.sitting.code, at)
    with pytest.raises(Refused) as refused:
        check_access(matter_of(KEY, paper), "查看参考答案", by=make.HEAD, at=at)
    assert (refused.value.code, refused.value.clause) == ("secret-interest", "EA-11.1")
    key = AnswerKey.objects.get()
    with pytest.raises(Refused):
        commands.sign_key(key_id=key.pk, digest=key.digest, by=make.HEAD, at=at)
    a_declaration(make.KEY_CLERK, paper.sitting.code, at)
    with pytest.raises(Refused):
        commands.enter_key(paper_id=paper.pk, answers="A" * 10, by=make.KEY_CLERK, at=at)


def test_interest_in_another_sitting_closes_nothing(paper: Paper, at: datetime) -> None:
    """A declared relative in another sitting does not bar the head from the key."""
    a_declaration(make.HEAD, "2025-04", at)
    assert may_open(matter_of(KEY, paper), by=make.HEAD, at=at).granted


def test_interest_closes_scripts_to_an_appointed_marker(at: datetime) -> None:
    """An appointed marker with a declared relative in the sitting is refused the next script."""
    paper = make.a_paper_in_marking(at, people=1)
    a_declaration(make.marker_actor(1), paper.sitting.code, at)
    with pytest.raises(Refused) as refused:
        commands.next_script(by=make.marker_actor(1), at=at)
    assert refused.value.code == "worker-recused"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE secrecy_secret SET lowered_at = now(), lowered_by = 'results.publication:1'",
        "UPDATE secrecy_secret SET level = 'secret'",
        "UPDATE secrecy_secret SET sitting_code = '2020-01'",
        "UPDATE secrecy_secret SET kind = 'rubric'",
        "DELETE FROM secrecy_secret",
        "TRUNCATE secrecy_secret CASCADE",
    ],
)
def test_no_class_is_lowered_changed_or_deleted_by_hand(
    paper: Paper, statement: str, owner_connection: psycopg.Connection
) -> None:
    """The database refuses the application to lower, change, delete or truncate classes before publication."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Secret.objects.filter(lowered_at=None).count() == 2


def test_matter_cannot_begin_without_a_class(at: datetime) -> None:
    """A trigger refuses to insert a secret whose class is lowered from its first moment."""
    secret = {"kind": "key", "subject": "x:1", "title": "x", "sitting_code": "2026-10", "level": "secret"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Secret.objects.create(**secret, clause="EA-4.1", since_at=at, lowered_at=at, lowered_by="x")


def test_classes_are_lowered_by_publication_and_only_those_of_its_sitting(paper: Paper, at: datetime) -> None:
    """Unpublished, the rule refuses by EA-4.2; published, only that sitting's classes fall, and for good."""
    code = paper.sitting.code
    with pytest.raises(Refused) as refused:
        lower_by_publication(code, act="results.publication:1", by=make.HEAD, at=at)
    assert (refused.value.code, refused.value.clause) == ("secret-unpublished", "EA-4.2")
    Secret.objects.create(
        kind="key", subject="x:1", title="x", sitting_code="2027-04", level="secret", clause="EA-4.1", since_at=at
    )
    publish(paper)
    assert lower_by_publication(code, act="results.publication:1", by=make.HEAD, at=at) == 2
    assert Secret.objects.get(lowered_at=None).sitting_code == "2027-04"
    with pytest.raises(DatabaseError), transaction.atomic():
        Secret.objects.filter(sitting_code=code).update(lowered_at=None, lowered_by="")
    assert may_open(matter_of(KEY, paper), by=clerk(Post.RECORDS_CLERK), at=at).granted


@pytest.mark.parametrize("table", ["secrecy_reveal", "secrecy_secretaccess"])
def test_what_was_seen_is_neither_changed_nor_deleted(at: datetime, table: str) -> None:
    """The database refuses the application to alter or delete the logs of reveals and of secret accesses."""
    reveal(field="candidates.phone", row_id=a_candidate(at).pk, **WHY, by=county_clerk(), at=at)
    for statement in (f"UPDATE {table} SET name = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_phone_copied_onto_another_candidate_does_not_open(at: datetime) -> None:
    """A sealed phone number copied into another row breaks its seal, and no reveal is recorded."""
    one, two = a_candidate(at), a_candidate(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE candidates_candidate SET phone_sealed ="
            " (SELECT phone_sealed FROM candidates_candidate WHERE id = %s) WHERE id = %s",
            [one.pk, two.pk],
        )
    two.refresh_from_db()
    with pytest.raises(crypto.SealBroken):
        PHONE.text(two)
    with pytest.raises(crypto.SealBroken):
        reveal(field="candidates.phone", row_id=two.pk, **WHY, by=county_clerk(), at=at)
    assert not Reveal.objects.exists()


def test_key_of_one_paper_put_in_place_of_another_does_not_open(paper: Paper, at: datetime) -> None:
    """Sealed answers copied by SQL into another paper's key, of the same version, break their seal there."""
    other = make.a_paper(at, "00540")
    make.the_questions(at, other)
    key, foreign = AnswerKey.objects.get(paper=paper), make.an_entered_key(at, other)
    assert ANSWERS.text(foreign) == ANSWERS.text(key)
    assert key.version == foreign.version
    sealed = bytes(foreign.answers_sealed)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE marking_answerkey SET answers_sealed = %s WHERE id = %s", [sealed, key.pk])
    key.refresh_from_db()
    assert bytes(key.answers_sealed) == sealed
    with pytest.raises(crypto.SealBroken):
        ANSWERS.text(key)


def test_an_older_key_put_in_place_of_a_newer_does_not_open(paper: Paper) -> None:
    """Sealed answers read under another version of the key break their seal."""
    key = AnswerKey.objects.get()
    key.version += 1
    with pytest.raises(crypto.SealBroken):
        ANSWERS.text(key)


@pytest.mark.parametrize(
    ("by", "error"),
    [(county_clerk("320104"), NotFound), (clerk(Post.MARKER), NotPermitted), (clerk(Post.AUDITOR), NotPermitted)],
)
def test_nobody_sees_a_number_in_full_beyond_scope_or_post(at: datetime, by: Actor, error: type[Exception]) -> None:
    """Revealing an id number is NotFound to another county and NotPermitted to a marker and an auditor."""
    person = a_candidate(at)
    with pytest.raises(error):
        reveal(field="candidates.id_number", row_id=person.pk, **WHY, by=by, at=at)
    assert not Reveal.objects.exists()


def test_portrait_is_shown_coarse_without_a_reason(at: datetime, signed_in: Any) -> None:
    """The page gives a clerk a small coarse portrait; the whole one comes only in answer to a reason."""
    applicant = an_applicant(at)
    person = a_candidate(at, applicant=applicant)
    client = signed_in(Post.COUNTY_CLERK, "320102")
    masked = client.get(reverse("candidates:portrait", args=[person.pk])).content
    assert masked[:3] == b"\xff\xd8\xff"
    assert masked != applicant.portrait
    assert len(masked) < 6000
    whole = client.post(
        reverse("candidates:reveal", args=[person.pk]), {"field": "candidates.portrait", **WHY}
    ).content.decode()
    assert "data:image/jpeg;base64," in whole


PERSONAL = ["329999199003070018", "11010519491231002X", "13812345678"]


@pytest.mark.parametrize("secret", PERSONAL)
def test_log_lines_and_tracebacks_hold_no_number(secret: str) -> None:
    """The log formatter masks id and phone numbers in the message and in the traceback."""
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "no row for %s", (secret,), None)
    try:
        raise ValueError(f"duplicate key {secret}")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    line = MaskingFormatter().format(record)
    assert secret not in line
    assert "****" in line


def test_masking_leaves_other_numbers_alone() -> None:
    """Admission numbers, codes, digests, long digit runs and times pass the masking unchanged."""
    for kept in ("010226200001", "65320102260000001", "a" * 64, "1234567890123456789012", "2026-10-17 09:00:00"):
        assert mask_personal(kept) == kept


def test_every_handler_of_the_node_masks() -> None:
    """Every log handler in the node's settings uses the masking formatter."""
    from django.conf import settings

    for handler in settings.LOGGING["handlers"].values():
        assert handler["formatter"] == "masked"
    assert settings.LOGGING["formatters"]["masked"]["()"].endswith("MaskingFormatter")


def test_ledger_jobs_and_messages_hold_no_number_after_registration_and_reveal(at: datetime) -> None:
    """Ledger facts, queued jobs and the kept reason hold no id or phone number, even if typed as the reason."""
    applicant = an_applicant(at, phone="13812345678")
    person = a_candidate(at, applicant=applicant)
    leaking = {**WHY, "reason": f"核对 {applicant.id_number} 与 13812345678"}
    reveal(field="candidates.id_number", row_id=person.pk, **leaking, by=county_clerk(), at=at)
    facts = json.dumps(list(Line.objects.values_list("facts", flat=True)), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(args::text, ' '), '') FROM procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    for told in (facts, jobs, Reveal.objects.get().reason):
        assert applicant.id_number not in told
        assert "13812345678" not in told


def test_no_address_of_a_list_takes_an_id_number(at: datetime, signed_in: Any) -> None:
    """The filter forms of candidates and records have no field for an id number: none enters an address."""
    client = signed_in(Post.PROVINCE_CLERK, "32")
    for name in ("candidates:list", "records:list"):
        assert 'name="id_number"' not in client.get(reverse(name)).content.decode(), name


def test_error_page_holds_no_number(at: datetime, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a server error does not show the id number that the error's message held."""
    from zikao.stages.candidates import queries

    person = a_candidate(at)
    number = "329999199003070018"

    def broken(*args: object, **more: object) -> None:
        raise RuntimeError(f"duplicate {number}")

    client = signed_in(Post.COUNTY_CLERK, "320102")
    client.raise_request_exception = False
    monkeypatch.setattr(queries, "masked", broken)
    answer = client.get(reverse("candidates:candidate", args=[person.pk]))
    assert answer.status_code == 500
    assert number not in answer.content.decode()


def test_marker_from_another_province_is_not_appointed_by_number_alone(paper: Paper, at: datetime) -> None:
    """A marker of province 33 with the name of a paper's marker here opens no script, and neither does no account."""
    make.a_marker(at, paper, 1)
    here = make.marker_actor(1)
    opens = partial(may_open, matter_of(SCRIPTS, paper), at=at + timedelta(days=1))
    assert opens(by=here).granted
    account = a_member_of_staff(at, Post.MARKER, "33")
    Account.objects.filter(pk=account.pk).update(name=here.name)
    stranger = actor_of(Account.objects.get(pk=account.pk), at)
    assert stranger is not None
    assert (stranger.post, stranger.agency_code, stranger.name) == (Post.MARKER, "33", here.name)
    assert not opens(by=stranger).granted
    assert not opens(by=replace(here, account_id=None)).granted


def test_unknown_matter_counts_as_secret(at: datetime) -> None:
    """The rule refuses a record clerk the key of a paper for which no class was ever written."""
    paper = make.a_paper(at, make.COURSE)
    assert Sitting.objects.filter(pk=paper.sitting_id).exists()
    assert not Candidate.objects.exists()
    assert may_open(matter_of(KEY, paper), by=clerk(Post.RECORDS_CLERK), at=at).granted is False


RULES = "第 1 题：答出三个要点，每点 4 分。"
LEADER = Actor("组长", Post.GROUP_LEADER, "32", account_id=930)


def test_rubric_is_sealed_classified_and_read_by_its_markers_only(paper: Paper, at: datetime) -> None:
    """A rubric is sealed, secret and out of the ledger; the rule opens it to the paper's markers alone."""
    with pytest.raises(Refused, match="no-valid-certificate"):
        commands.make_rubric(paper_id=paper.pk, text=RULES, by=LEADER, at=at)
    certified(at, {930: LEADER.name}, PostKind.MARKER)
    rubric = commands.make_rubric(paper_id=paper.pk, text=RULES, by=LEADER, at=at).value
    assert RULES.encode() not in bytes(rubric.text_sealed)
    assert Secret.objects.get(kind="rubric").level == Level.SECRET
    assert RULES not in json.dumps(list(Line.objects.values_list("facts", flat=True)), ensure_ascii=False)
    make.a_marker(at, paper, 1)
    assert may_open(matter_of(RUBRIC, paper), by=make.marker_actor(1), at=at).granted
    for stranger in (make.marker_actor(2), make.OPERATOR, make.HEAD, clerk(Post.AUDITOR)):
        with pytest.raises(Refused) as refused:
            check_access(matter_of(RUBRIC, paper), "查看评分细则", by=stranger, at=at)
        assert refused.value.clause == "EA-4.2"


def test_marker_of_another_paper_gets_no_rubric_page(paper: Paper, at: datetime, signed_in: Any) -> None:
    """The page refuses a marker without appointment to the paper, shows no rubric and logs the attempt."""
    certified(at, {930: LEADER.name}, PostKind.MARKER)
    commands.make_rubric(paper_id=paper.pk, text=RULES, by=LEADER, at=at)
    answer = signed_in(Post.MARKER, "32").get(reverse("marking:rubric", args=[paper.pk]))
    assert answer.status_code == 409
    assert "没有接触它的聘任" in answer.content.decode()
    assert RULES not in answer.content.decode()
    assert SecretAccess.objects.get(kind="rubric").granted is False


def test_account_is_linked_to_one_person_and_the_declaration_follows(paper: Paper, at: datetime) -> None:
    """Once linked, an account is barred by the person's declaration; linking it to a second is a Conflict."""
    from tests.factories.accounts import an_account
    from zikao.foundation.errors import BadInput, Conflict
    from zikao.stages.personnel.commands import link_account

    person = Person.objects.create(
        id=88_001,
        name="李明",
        unit="省教育考试院",
        sex="1",
        id_number_sealed=crypto.seal("1"),
        id_number_index=b"linked",
        kind="full",
        agency_code="32",
        conditions_confirmed_on=at.date(),
        registered_at=at,
    )
    account = an_account(at)
    head = replace(make.HEAD, account_id=account.pk)
    Declaration.objects.create(person=person, sitting_code=paper.sitting.code, kind="relative", declared_at=at)
    assert may_open(matter_of(KEY, paper), by=head, at=at).granted
    with pytest.raises(BadInput):
        link_account(person_id=person.pk, username="nobody", by=make.HEAD, at=at)
    link_account(person_id=person.pk, username=account.username, by=make.HEAD, at=at)
    assert may_open(matter_of(KEY, paper), by=head, at=at).granted is False
    other = Person.objects.exclude(pk=person.pk).first() or Person.objects.create(
        id=88_002,
        name="王强",
        unit="省教育考试院",
        sex="1",
        id_number_sealed=crypto.seal("1"),
        id_number_index=b"other",
        kind="full",
        agency_code="32",
        conditions_confirmed_on=at.date(),
        registered_at=at,
    )
    with pytest.raises(Conflict):
        link_account(person_id=other.pk, username=account.username, by=make.HEAD, at=at)


def test_papers_officer_with_a_relative_packs_and_hands_over_nothing(at: datetime) -> None:
    """The rule refuses a papers officer with a declared relative in the sitting to touch its boxes."""
    from zikao.stages.papers.secrets import boxes_of

    officer = Actor("保密员", Post.PAPERS_OFFICER, "32", account_id=940)
    assert may_open(boxes_of("2026-10"), by=officer, at=at).granted
    a_declaration(officer, "2026-10", at)
    with pytest.raises(Refused) as refused:
        check_access(boxes_of("2026-10"), "接触试卷箱", by=officer, at=at)
    assert refused.value.code == "secret-interest"
