"""Learning accounts, what was gathered from provinces, suspensions: read at the centre."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum

from zikao.foundation.crypto import indexes_of
from zikao.foundation.errors import NotFound
from zikao.national.models import AccountReview, GatheredFrom, LearningAccount, LinkedNumber, NationalSuspension
from zikao.national.models.accounts import PERSON


def accounts() -> QuerySet[LearningAccount]:
    """Every account, with how many numbers it holds."""
    return LearningAccount.objects.annotate(held=Count("numbers"), passed=Sum("numbers__passes", default=0))


def account(number: str) -> LearningAccount:
    """One account. Raises NotFound."""
    found = accounts().select_related("merged_into").filter(number=number).first()
    if found is None:
        raise NotFound("account-not-found", message="没有这个学习账号。")
    return found


def account_of_person(id_number: str) -> LearningAccount | None:
    """The account to which an ID number leads."""
    found = LearningAccount.objects.filter(id_number_index__in=indexes_of(id_number)).first()
    return (found.merged_into or found) if found else None


def numbers_of(found: LearningAccount) -> QuerySet[LinkedNumber]:
    """The admission numbers under an account."""
    return found.numbers.all()


def masked_number(found: LearningAccount) -> str:
    """The account's ID number with its ends only."""
    number = PERSON.text(found)
    return f"{number[:6]}********{number[-4:]}" if len(number) > 12 else f"{number[:2]}****{number[-2:]}"


def suspensions_of(found: LearningAccount) -> QuerySet[NationalSuspension]:
    """The suspensions under any of the person's ID numbers."""
    numbers = [PERSON.text(row) for row in (found, *found.merged_from.all())]
    indexes = [index for number in numbers for index in indexes_of(number)]
    return NationalSuspension.objects.filter(id_number_index__in=indexes)


def suspensions() -> QuerySet[NationalSuspension]:
    """Every suspension known, the latest first."""
    return NationalSuspension.objects.all()


def gathered() -> QuerySet[GatheredFrom]:
    """Every batch, the latest first."""
    return GatheredFrom.objects.all()


def reviews() -> QuerySet[AccountReview]:
    """Every review, the latest first."""
    return AccountReview.objects.select_related("account", "other", "link")


def review(review_id: int) -> AccountReview:
    """One review. Raises NotFound."""
    found = reviews().filter(pk=review_id).first()
    if found is None:
        raise NotFound("review-not-found", message="没有这份审核。")
    return found


@dataclass(frozen=True)
class ProvinceCount:
    """What a province reported and what the accounts hold of it; `holds` where both agree."""

    province: str
    on_record: int
    sent: int
    linked: int
    batches: int

    @property
    def holds(self) -> bool:
        """Whether the numbers linked are those that came, and none is on record that did not come."""
        return self.linked == self.sent == self.on_record


def counts_by_province() -> list[ProvinceCount]:
    """By province: on record as it last said, numbers sent for the first time, numbers linked."""
    news = Sum("linked", filter=Q(kind="registrations"), default=0)
    rows = GatheredFrom.objects.order_by("province").values("province")
    sent = {row["province"]: row for row in rows.annotate(sent=news, record=Max("on_record"), batches=Count("id"))}
    held = LinkedNumber.objects.order_by("province").values_list("province").annotate(n=Count("id"))
    linked = dict(held)
    return [
        ProvinceCount(code, row["record"], row["sent"], linked.get(code, 0), row["batches"])
        for code, row in sorted(sent.items())
    ]
