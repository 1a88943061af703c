"""What a superuser does to scores is not shown to candidates, and the comparison names it (SR-A1.14)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from tests.attacks.test_archive_superuser import Tamper, scores, tamper  # noqa: F401 - fixtures
from tests.factories import results
from tests.factories.archive import PROVINCE_HEAD
from tests.pages.test_results import SITTING, as_owner, text
from zikao.foundation.errors import Refused
from zikao.stages.results import commands, queries
from zikao.stages.results.archive import LEAF
from zikao.stages.results.models import Score

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(scores: list[Score], at: datetime) -> list[Score]:  # noqa: F811
    commands.publish_results(sitting=SITTING, by=PROVINCE_HEAD, at=at)
    return list(Score.objects.filter(sitting__code=SITTING).order_by("id"))


def page_of(score: Score) -> str:
    return text(as_owner(score.candidate).get(reverse("results:mine")))


def differing() -> set[tuple[str, int | None]]:
    compared, unproven = queries.compare_all()
    found = {(each.name, one["score"]) for each in compared for one in each.differences}
    return found | {("window", one["number"]) for one in unproven}


def test_what_was_filed_is_shown_with_its_code(told: list[Score]) -> None:
    """Untouched scores are shown with a verification code, and the comparison finds nothing."""
    check = queries.check_shown(told[:1])
    assert check.decision(told[0].recorded_at.date()).granted
    assert check.code in page_of(told[0])
    assert '<b class="num">75</b>' in page_of(told[0])
    assert differing() == set()


def test_a_changed_score_is_not_shown_and_the_page_says_why(told: list[Score], tamper: Tamper) -> None:  # noqa: F811
    """A mark changed in place is withheld from the page and from the statement; others stay."""
    tamper(f"UPDATE archive.score SET value = 100 WHERE id = {told[0].pk}")
    page = page_of(told[0])
    assert "与考籍档案不一致，暂停显示" in page
    assert '<b class="num">' not in page
    assert reverse("results:my-statement", args=[SITTING]) not in page
    refused = as_owner(told[0].candidate).get(reverse("results:my-statement", args=[SITTING]))
    assert refused.status_code in {409, 422}
    assert '<b class="num">59</b>' in page_of(told[1])


def test_a_score_changed_with_its_leaf_is_not_shown_either(told: list[Score], tamper: Tamper) -> None:  # noqa: F811
    """Score and leaf changed together still differ from the list that was signed."""
    one = told[0].pk
    tamper(
        f"UPDATE archive.score SET value = 100 WHERE id = {one}",
        f"UPDATE archive.score AS row SET leaf = {LEAF} WHERE id = {one}",
    )
    assert "暂停显示" in page_of(told[0])
    assert ("scores", one) in differing()


def test_list_and_score_forged_together_are_found_by_the_window(told: list[Score], tamper: Tamper) -> None:  # noqa: F811
    """Score, leaf and list forged fail the window's digest; forged too, it fails the ledger."""
    one = told[0].pk
    tamper(
        f"UPDATE archive.score SET value = 100 WHERE id = {one}",
        f"UPDATE archive.score AS row SET leaf = {LEAF} WHERE id = {one}",
        f"UPDATE archive.staged SET value = 100 WHERE id = {one}",
    )
    assert ("window", 1) in differing()
    tamper(
        "UPDATE archive.filing_window held SET digest = (SELECT sha256(string_agg(leaf, ''::bytea ORDER BY line))"
        " FROM archive.score WHERE window_id = held.id) WHERE number = 1"
    )
    assert ("window", 1) in differing()
    assert "账本的记录不一致" in page_of(told[0])


def test_the_comparison_names_what_differs_on_which_page(
    told: list[Score],
    tamper: Tamper,  # noqa: F811
    at: datetime,
) -> None:
    """The comparison names the forged score on each kind of page that would show it, and no other."""
    failed = told[1]
    tamper(f"UPDATE archive.score SET value = 60, passed = true WHERE id = {failed.pk}")
    found = differing()
    assert {("scores", failed.pk), ("plan-progress", failed.pk)} <= found
    assert not [each for each in found if each[1] not in (failed.pk,)]


def test_a_certificate_of_a_forged_pass_is_named_and_not_printed(
    told: list[Score],
    tamper: Tamper,  # noqa: F811
    at: datetime,
) -> None:
    """A pass certificate whose score was changed is named, and no longer printed."""
    from tests.factories.records import a_pass_certificate
    from zikao.stages.records.queries import certificate_of

    certificate = a_pass_certificate(at)
    assert certificate_of(certificate)[0]["score"] == "70"
    tamper(f"UPDATE archive.score SET value = 99 WHERE id = {certificate.score_id}")
    assert ("pass-certificates", certificate.score_id) in differing()
    certificate.refresh_from_db()
    with pytest.raises(Refused) as caught:
        certificate_of(certificate)
    assert caught.value.clause == "SR-A1.14"


def test_a_removed_score_is_missed(told: list[Score], tamper: Tamper) -> None:  # noqa: F811
    """A score deleted from the archive is missed by the comparison."""
    tamper(f"DELETE FROM archive.score WHERE id = {told[0].pk}")
    assert ("scores", told[0].pk) in differing()


def test_corrected_scores_agree(at: datetime) -> None:
    """A correction in due form is no difference."""
    results.published(at)
    results.corrected(at, results.a_correction(at))
    assert differing() == set()
