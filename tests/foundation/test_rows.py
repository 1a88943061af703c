"""Which rows a connection shows: entered, left, undone with the transaction, never left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from zikao.foundation.access import middleware
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import all_rows, rows_of

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY = Actor("县区", Post.COUNTY_CLERK, "320102")
CENTRE = Actor("中心", Post.NATIONAL_OFFICER, "")
MINE = Actor("本人", Post.CANDIDATE, "320102", candidate_id=7)
NOTHING = ("", "", "")
OF_COUNTY = ("320102", "320103", "")
WHOLE = ("*", "*", "")


def shown() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(name, true), '') FROM unnest(%s::text[]) AS name",
            [["zikao.lo", "zikao.hi", "zikao.candidate"]],
        )
        return tuple(row[0] for row in cursor.fetchall())


@pytest.fixture(autouse=True)
def _nothing_yet(_the_tests_own_rows: None) -> Iterator[None]:
    """These tests begin as a program does: without any rows."""
    with rows_of(None):
        yield


def test_a_fresh_connection_shows_nothing():
    connection.close()
    assert shown() == NOTHING


def test_a_clerk_has_the_subtree_the_centre_everything_a_candidate_their_own_and_the_public_nothing():
    for actor, expected in ((COUNTY, OF_COUNTY), (CENTRE, WHOLE), (MINE, ("", "", "7")), (None, NOTHING)):
        with rows_of(actor):
            assert shown() == expected
        assert shown() == NOTHING


@pytest.mark.parametrize("post", [Post.CANDIDATE, Post.PUBLIC])
def test_a_candidate_who_is_not_registered_and_a_guest_have_nothing(post):
    with rows_of(Actor("无", post, "32")):
        assert shown() == NOTHING


def test_all_rows_asks_for_a_reason():
    with pytest.raises(ValueError, match="reason"), all_rows(" "):
        pass


def test_an_inner_context_gives_back_the_outer():
    with rows_of(COUNTY):
        with all_rows("测试"):
            assert shown() == WHOLE
        assert shown() == OF_COUNTY


@pytest.mark.parametrize("inside", [False, True])
def test_an_error_leaves_nothing_behind(inside):
    def fail() -> None:
        if inside:
            with transaction.atomic(), rows_of(MINE):
                raise KeyError
        raise KeyError

    with pytest.raises(KeyError), rows_of(COUNTY):
        fail()
    assert shown() == NOTHING


def test_a_statement_that_fails_in_a_transaction_leaves_nothing_behind():
    with pytest.raises(Exception, match="division"), transaction.atomic(), rows_of(COUNTY):
        connection.cursor().execute("SELECT 1 / 0")
    assert shown() == NOTHING


def test_a_savepoint_rolled_back_gives_back_what_was_before_it():
    with transaction.atomic(), rows_of(COUNTY):
        with pytest.raises(Exception, match="division"), transaction.atomic(), all_rows("测试"):
            connection.cursor().execute("SELECT 1 / 0")
        assert shown() == OF_COUNTY
        with pytest.raises(KeyError), transaction.atomic(), all_rows("测试"):
            raise KeyError
        assert shown() == OF_COUNTY


def test_a_transaction_marked_for_rollback_leaves_nothing_behind():
    with transaction.atomic(), rows_of(COUNTY):
        transaction.set_rollback(True)
    assert shown() == NOTHING


def test_a_generator_left_in_the_middle_changes_nothing_when_it_ends_later():
    def half() -> Iterator[int]:
        with all_rows("测试"):
            yield 1
            yield 2

    rows = half()
    with rows_of(COUNTY):
        next(rows)
    assert shown() == NOTHING
    with rows_of(MINE):
        rows.close()
        assert shown() == ("", "", "7")
    assert shown() == NOTHING


def test_a_connection_lost_in_the_middle_learns_again_and_forgets_at_the_end():
    with rows_of(COUNTY):
        connection.close()
        assert shown() == OF_COUNTY
    assert shown() == NOTHING


def test_another_thread_has_nothing():
    seen: list[tuple[str, ...]] = []

    def look() -> None:
        seen.append(shown())
        connection.close()

    with rows_of(COUNTY):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [NOTHING]


def request_of(actor: Actor | None, answer: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "present_actor", lambda request: actor)
        return middleware.ActorMiddleware(answer)(HttpRequest())


def test_requests_one_after_another_on_one_connection_see_their_own_rows_only():
    seen = []
    for actor in (COUNTY, None, MINE, CENTRE, None):
        request_of(actor, lambda request: seen.append(shown()) or HttpResponse())
        seen.append(shown())
    assert seen == [OF_COUNTY, NOTHING, NOTHING, NOTHING, ("", "", "7"), NOTHING, WHOLE, NOTHING, NOTHING, NOTHING]


def test_a_view_that_fails_leaves_nothing_behind():
    def fails(request: HttpRequest) -> HttpResponse:
        with all_rows("测试"):
            raise KeyError

    with pytest.raises(KeyError):
        request_of(COUNTY, fails)
    assert shown() == NOTHING


def test_an_answer_made_while_it_is_sent_sees_the_actors_rows_and_leaves_nothing_when_the_reader_goes_away():
    def parts() -> Iterator[bytes]:
        for _ in range(3):
            yield "|".join(shown()).encode()

    answer = request_of(COUNTY, lambda request: StreamingHttpResponse(parts()))
    assert shown() == NOTHING
    sent = iter(answer)
    assert next(sent) == b"320102|320103|"
    assert shown() == NOTHING
    assert next(sent) == b"320102|320103|"
    answer.close()
    assert shown() == NOTHING


def test_a_connection_from_a_pool_goes_back_without_settings():
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    connection.close()
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
    try:
        with rows_of(COUNTY):
            assert shown() == OF_COUNTY
        connection.close()
        assert shown() == NOTHING
        connection.cursor().execute("SELECT set_config('zikao.lo', '*', false), set_config('zikao.hi', '*', false)")
        connection.close()
        assert shown() == NOTHING  # even what somebody set by hand
    finally:
        connection.close()
        connection.close_pool()
        del settings["OPTIONS"]["pool"]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_goes_away_within_a_transaction_is_heard_of():
    with pytest.raises(OperationalError), transaction.atomic(), rows_of(Actor("省", Post.PROVINCE_HEAD, "32")):
        connection.connection.close()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_goes_away_outside_a_transaction_leaves_a_connection_that_shows_nothing():
    with rows_of(Actor("省", Post.PROVINCE_HEAD, "32")):
        connection.ensure_connection()
        connection.connection.close()
    connection.close()
