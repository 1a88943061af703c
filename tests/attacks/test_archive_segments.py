"""Attacks on the three segments: forged, repeated, borrowed, replayed, replaced, read from logs."""

# ruff: noqa: E501, PT018 - statements are read best whole

from __future__ import annotations

import os
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.attacks.test_archive_writes import refused
from tests.factories import archive as make
from tests.factories import results
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.results import archive, commands, queries
from zikao.stages.results.archive import windows
from zikao.stages.results.models import ChangeList, FilingWindow, Score

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(at: datetime) -> ChangeList:
    """A signed list that waits for its window; the three segments are taken."""
    make.segments_set(at)
    return queries.list_of(results.approved(at).sitting)


@pytest.fixture
def window(held: ChangeList) -> FilingWindow:
    """The window that the list waits for."""
    return make.window_for(held)


def proof(window: FilingWindow, post: Post, text: str = "") -> bytes:
    """What the custodian's page would send."""
    return archive.presence_proof(window, archive.holders()[post.value], text or make.text_of(post))


def presents(window: FilingWindow, post: str, given: bytes) -> None:
    """Past the command: the database's function called directly."""
    with transaction.atomic():
        windows.present(window.pk, post, given)


@pytest.mark.parametrize("missing", make.CUSTODIANS, ids=lambda actor: actor.post.value)
def test_two_of_three_open_nothing(missing: Actor, window: FilingWindow, at: datetime) -> None:
    """Whichever custodian is missing: two segments open no window, and nothing can be filed."""
    for person in make.CUSTODIANS:
        if person != missing:
            window = make.presented(window, person, at)
    assert window.opened_at is None
    refused(f"SELECT archive.file({window.pk})", "no open window")
    with pytest.raises(WrongState):
        commands.file_list(window_id=window.pk, by=make.OFFICER, at=at)
    assert not Score.objects.exists()


def test_presence_is_not_forged_by_an_insert(window: FilingWindow) -> None:
    """Presence rows enter only through the function that verifies the segment."""
    refused(
        f"INSERT INTO archive.presence (window_id, post, account_id, segment_id) SELECT {window.pk}, post, account_id, id"
        " FROM archive.segment"
    )


def test_window_is_not_opened_by_an_update_or_insert(window: FilingWindow) -> None:
    """The application can neither set a window's opening nor insert an open one."""
    refused(f"UPDATE archive.filing_window SET opened_at = now(), closes_at = now() WHERE id = {window.pk}")
    refused("INSERT INTO archive.filing_window (kind, list_id, digest, root, minutes, expires_at) SELECT"
            " 'scores', 1, sha256(''), sha256(''), 60, now()")  # fmt: skip


def test_one_custodian_does_not_count_twice(window: FilingWindow, at: datetime) -> None:
    """The same segment presented twice is one presence: the second is refused."""
    make.presented(window, make.OFFICER, at)
    with pytest.raises(Conflict):
        make.presented(window, make.OFFICER, at)


def test_one_person_holds_one_segment(at: datetime) -> None:
    """An account that holds a segment cannot take another post's, so no one person stands for two."""
    make.segments_set(at, make.OFFICER)
    twice = Actor("成绩责任人", Post.RECORDS_HEAD, "32", account_id=make.OFFICER.account_id)
    with pytest.raises(WrongState):
        commands.set_segment(new=make.a_new_segment(Post.RECORDS_HEAD), by=twice, at=at)
    refused("SELECT archive.first_segment('records-head', NULL, sha256('a'), 'c', sha256('b'))", "one person holds one")


def test_wrong_segment_is_refused_and_says_what_to_do(window: FilingWindow, at: datetime) -> None:
    """A wrong segment is refused in words, and leaves no presence."""
    with pytest.raises(BadInput) as refusal:
        make.presented(window, make.OFFICER, at, "SOMETHING-ELSE")
    assert "补发" in refusal.value.field_errors["segment"]
    assert windows.presences(window.pk) == []


@pytest.mark.parametrize("given", [b"", b"\0" * 32, b"\xff" * 32, b"\0" * 31, b"\0" * 64])
def test_made_up_proofs_are_refused(given: bytes, window: FilingWindow) -> None:
    """Empty, short, long and constant proofs verify nothing."""
    with pytest.raises((BadInput, DatabaseError)):
        presents(window, "score-officer", given)
    refused(f"SELECT archive.present({window.pk}, 'score-officer', NULL)", "wrong segment")


def test_presence_is_not_replayed_for_another_window(held: ChangeList, window: FilingWindow, at: datetime) -> None:
    """A proof is bound to its window's id, digest and nonce: seen once, it opens no later window."""
    seen = {person.post: proof(window, person.post) for person in make.CUSTODIANS}
    commands.close_window(window_id=window.pk, by=make.OFFICER, at=at)
    again = commands.request_window(list_id=held.pk, by=make.OFFICER, at=at).value
    for post, given in seen.items():
        with pytest.raises(BadInput):
            presents(again, post.value, given)
    assert windows.presences(again.pk) == []


def test_proof_of_one_custodian_is_none_of_another(window: FilingWindow) -> None:
    """One custodian's proof presented under another post is refused."""
    with pytest.raises(BadInput):
        presents(window, "records-head", proof(window, Post.SCORE_OFFICER))


def test_posts_outside_the_three_open_nothing(window: FilingWindow, at: datetime) -> None:
    """The auditor, who witnesses re-issues, is no custodian of scores; nor is a made-up post."""
    make.segments_set(at, make.AUDITOR)
    with pytest.raises(WrongState):
        presents(window, "auditor", proof(window, Post.AUDITOR))
    refused(f"SELECT archive.present({window.pk}, 'nobody', sha256(''))", "not a custodian")
    refused(f"SELECT archive.present({window.pk}, NULL, sha256(''))", "not a custodian")


def test_statements_of_a_whole_filing_hold_nothing_reusable(
    held: ChangeList, window: FilingWindow, at: datetime
) -> None:
    """A log of every statement with its parameters holds no segment, no client key, and no proof good for a new window."""
    from zikao.stages.results.archive import segments

    secrets = []
    for person in make.CUSTODIANS:
        kept = archive.holders()[person.post.value]
        text = make.text_of(person.post)
        client = segments._client_key(segments._plain(text), bytes(kept.salt), kept.cost)
        secrets += [text, segments._plain(text), client.hex()]
    with CaptureQueriesContext(connection) as log:
        for person in make.CUSTODIANS:
            make.presented(window, person, at)
        commands.file_list(window_id=window.pk, by=make.OFFICER, at=at)
    told = "\n".join(query["sql"] for query in log.captured_queries)
    assert "archive.present" in told
    assert not [secret for secret in secrets if secret.lower() in told.lower()]


def test_verifying_keys_are_not_readable(at: datetime) -> None:
    """The keys that verify segments are readable by no role that can log in."""
    make.segments_set(at)
    refused("SELECT stored_key FROM archive.segment")
    refused("SELECT * FROM archive.segment")
    refused("SELECT stored_key FROM archive.staged_segment")
    refused("SELECT archive.proves(sha256(''), sha256(''), '')")


def test_segment_that_is_set_is_not_set_again(at: datetime) -> None:
    """Taking a segment for the first time works once: later only its holder, or three people, replace it."""
    make.segments_set(at)
    with pytest.raises(WrongState):
        commands.set_segment(new=make.a_new_segment(Post.SCORE_OFFICER, "MINE-NOW"), by=make.OFFICER, at=at)
    refused("SELECT archive.first_segment('score-officer', 5, sha256('salt'), 'c', sha256('key'))", "is set")
    refused("INSERT INTO archive.segment (post, account_id, salt, cost, stored_key, set_as) VALUES ('score-officer', 5,"
            " sha256('salt'), 'c', sha256('key'), 'first')")  # fmt: skip


def test_segment_is_changed_only_with_the_old_one(at: datetime) -> None:
    """A change needs the old segment's proof over exactly the new key; a proof for another key is refused."""
    make.segments_set(at)
    kept = archive.holders()["score-officer"]
    new, other = make.a_new_segment(Post.SCORE_OFFICER, "NEW-ONE"), make.a_new_segment(Post.SCORE_OFFICER, "OTHER")
    for given in (b"\0" * 32, archive.change_proof(kept, "GUESSED", new), archive.change_proof(kept, make.text_of(Post.SCORE_OFFICER), other)):  # fmt: skip
        with pytest.raises(BadInput):
            commands.change_segment(new=new, proof=given, by=make.OFFICER, at=at)
    given = archive.change_proof(kept, make.text_of(Post.SCORE_OFFICER), new)
    commands.change_segment(new=new, proof=given, by=make.OFFICER, at=at)
    with pytest.raises(BadInput):  # and not twice: the proof was the old segment's
        commands.change_segment(new=new, proof=given, by=make.OFFICER, at=at)


def test_segment_presented_by_somebody_else_is_refused_by_the_command(window: FilingWindow, at: datetime) -> None:
    """The command takes a segment only from the account that holds it, though the text be right."""
    thief = Actor("别人", Post.SCORE_OFFICER, "32", account_id=900_999)
    with pytest.raises(WrongState) as refusal:
        commands.present_segment(window_id=window.pk, proof=proof(window, Post.SCORE_OFFICER), by=thief, at=at)
    assert refusal.value.code == "segment-not-yours"


def test_own_functions_on_the_search_path_change_nothing(window: FilingWindow) -> None:
    """search_path shadowing: functions, tables and operators in pg_temp are not what the archive's functions call."""
    with connection.cursor() as cursor:
        for made in (
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''\\x00''::bytea'",
            "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''epoch''::timestamptz'",
            "CREATE FUNCTION pg_temp.proves(bytea, bytea, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE FUNCTION pg_temp.length(bytea) RETURNS int LANGUAGE sql AS 'SELECT 32'",
            "CREATE TEMPORARY TABLE presence AS SELECT n AS window_id, 'x' AS post FROM generate_series(1, 99) n",
            "CREATE TEMPORARY TABLE segment AS SELECT 1 AS id, 'score-officer' AS post, sha256('') AS stored_key",
            "CREATE FUNCTION pg_temp.same(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE OPERATOR pg_temp.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = pg_temp.same)",
            "SET LOCAL search_path = pg_temp, pg_catalog, archive, public",
        ):
            cursor.execute(made)
        with pytest.raises(DatabaseError, match="wrong segment"), transaction.atomic():
            cursor.execute("SELECT archive.present(%s, 'score-officer', %s)", [window.pk, b"\0" * 32])
        with pytest.raises(DatabaseError, match="no open window"), transaction.atomic():
            cursor.execute("SELECT archive.file(%s)", [window.pk])
        cursor.execute("SET LOCAL search_path = public")


def test_functions_of_the_archive_are_pinned() -> None:
    """Every function of the archive that runs with its owner's rights has a pinned search_path with pg_temp last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'archive'::regnamespace AND (prosecdef OR prokind = 'f')"
            " AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'archive'::regnamespace AND proacl IS NULL"
            " OR pronamespace = 'archive'::regnamespace AND EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0)"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("seconds", ["-999999999", "999999999"])
def test_clock_of_the_application_moves_no_window(
    seconds: str, window: FilingWindow, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows use the database's clock: an application that believes in another year neither opens nor keeps one open."""
    monkeypatch.setenv("ZIKAO_CLOCK_OFFSET_SECONDS", seconds)
    assert os.environ["ZIKAO_CLOCK_OFFSET_SECONDS"] == seconds
    for person in make.CUSTODIANS:
        window = make.presented(window, person, at)
    now = windows.database_now()
    assert window.opened_at is not None and window.closes_at is not None
    assert abs((now - window.opened_at).total_seconds()) < 60
    assert (window.closes_at - window.opened_at).total_seconds() == 60 * window.minutes


@pytest.mark.parametrize("minutes", [0, -5, 241, 525600])
def test_window_is_not_asked_for_longer_than_the_database_allows(minutes: int, held: ChangeList) -> None:
    """Whatever the application asks for: a window stays open four hours at the most."""
    refused(
        f"SELECT archive.request_window('scores', list_id, '', digest, root, {minutes}, 24, 1) FROM archive.filing_window",
        "violates check constraint|out of range",
    )


def test_closed_window_is_never_opened_again(held: ChangeList, window: FilingWindow, at: datetime) -> None:
    """A custodian alone can close; afterwards no segment and no call opens that window again."""
    make.presented(window, make.OFFICER, at)
    commands.close_window(window_id=window.pk, by=make.RECORDS_HEAD, at=at)
    with pytest.raises(WrongState):
        make.presented(window, make.RECORDS_HEAD, at)
    refused(f"SELECT archive.file({window.pk})", "no open window")
    refused(f"UPDATE archive.filing_window SET closed_at = NULL WHERE id = {window.pk}")


def test_lost_segment_is_not_reissued_by_fewer_than_three(at: datetime) -> None:
    """A staged segment counts for nothing until the two other custodians and the auditor have presented theirs."""
    make.segments_set(at, *make.CUSTODIANS, make.AUDITOR)
    new = make.a_new_segment(Post.SCORE_OFFICER, "FRESH")
    number, digest = windows.stage_segment("score-officer", make.OFFICER.account_id, new.salt, new.cost, new.stored_key)
    asked = archive.request_window(
        kind="segment", list_id=number, post="score-officer", digest=digest, root=digest, minutes=10, hours=1,
        account_id=1,
    )  # fmt: skip
    refused(f"SELECT archive.install_segment({asked.pk})", "no open window")
    with pytest.raises(WrongState):  # the post itself has no say in it
        presents(asked, "score-officer", proof(asked, Post.SCORE_OFFICER))
    for post in (Post.PROVINCE_HEAD, Post.RECORDS_HEAD):
        presents(asked, post.value, proof(asked, post))
    refused(f"SELECT archive.install_segment({asked.pk})", "no open window")
    refused(f"SELECT archive.file({asked.pk})", "no open window")
    presents(asked, "auditor", proof(asked, Post.AUDITOR))
    refused(f"SELECT archive.file({asked.pk})", "no open window")
    windows.install_segment(asked.pk)
    assert archive.holders()["score-officer"].set_as == "reissued"
    refused(f"SELECT archive.install_segment({asked.pk})", "no open window")
