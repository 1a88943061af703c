"""Reading exam staff: who is registered, in which posts, certified for what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from zikao.foundation.actors import Actor, range_of
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotPermitted
from zikao.foundation.regulation import Decision, parameter
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Certificate, DispatchPlace, Person, Posting
from zikao.stages.personnel.states import PostKind

CERTIFICATE_FOR = {PostKind.ROVER: (PostKind.ROVER, PostKind.INVIGILATOR)}


def persons_of(by: Actor) -> QuerySet[Person]:
    """The exam staff in the actor's subtree."""
    return scoped(Person.objects.select_related("tutoring_institution"), by)


def person_of(by: Actor, person_id: int) -> Person:
    """One person of the actor's subtree; NotFound where there is none."""
    return access(persons_of(by), by, pk=person_id)


def at_hand(by: Actor, on: date) -> QuerySet[Person]:
    """Who may be put on duty in the actor's exam area: its people, and whom the province sent there.

    Those sent belong to another agency; they are at hand until the last day for which they were sent (EA-25.5).
    """
    lo, hi = range_of(by.agency_code[:4])
    places = DispatchPlace.objects.filter(dispatch__last_on__gte=on)
    sent = places.filter(site__agency_code__gte=lo, site__agency_code__lt=hi)
    own = Q(agency_code__gte=lo, agency_code__lt=hi)
    return Person.objects.filter(own | Q(pk__in=sent.order_by().values("person")))


def entry_of(by: Actor, person_id: int) -> dict[str, str]:
    """A person's entry as a form shows it to be changed; phone and address are kept sealed and not shown."""
    person = person_of(by, person_id)
    institution = person.tutoring_institution
    return {
        "name": person.name, "sex": person.sex, "unit": person.unit, "title": person.title, "kind": person.kind,
        "agency_code": person.agency_code, "tutoring_institution_code": institution.code if institution else "",
    }  # fmt: skip


def certificate_of(by: Actor, certificate_id: int) -> Certificate:
    """One certificate of a person in the actor's subtree; NotFound where there is none."""
    return access(Certificate.objects.select_related("person"), by, "person__agency_code", pk=certificate_id)


def certificate_on(person: Person, post_kind: PostKind, on: date) -> Certificate | None:
    """The person's certificate for a post that is valid on the day, else the latest for that post, else None."""
    held = person.certificates.filter(post_kind__in=CERTIFICATE_FOR.get(post_kind, (post_kind,)))
    return held.filter(valid_from_on__lte=on, valid_until__gt=on).first() or held.first()


def person_of_account(account_id: int | None) -> Person | None:
    """The registered person who works with an account."""
    return Person.objects.filter(account_id=account_id).first() if account_id is not None else None


def own_person(by: Actor) -> Person:
    """The person behind the actor's own account, locked. Raises NotPermitted where the account is nobody's."""
    found = Person.objects.select_for_update(of=("self",)).filter(account_id=by.account_id, account_id__isnull=False)
    person = found.first()
    if person is None:
        raise NotPermitted(
            "no-person",
            message="您的账号还没有关联到考试工作人员登记，不能在这里申报。",
            remedy="请联系所属考区办理关联，或者请考区代为登记。",
            clause="EA-8",
        )
    return person


def held_on(person: Person, post_kind: PostKind, on: date) -> Decision:
    """Whether a person holds a certificate for a post that is valid on the day (EA-10)."""
    held = certificate_on(person, post_kind, on)
    return rules.POSTING(
        on=on, valid_from_on=held.valid_from_on if held else None, valid_until=held.valid_until if held else None
    )


def certified(account_id: int | None, post_kind: PostKind, on: date) -> Decision:
    """Whether the person behind an account may stand in a post that day: what papers custody and marking ask (EA-10).

    An account that belongs to no registered person holds no certificate.
    """
    person = person_of_account(account_id)
    if person is None:
        return rules.POSTING(on=on, valid_from_on=None, valid_until=None)
    return held_on(person, post_kind, on)


def certified_for(by: Actor, kinds: Collection[PostKind], on: date) -> list[Certificate]:
    """The certificates for one of the posts valid on the day, a person once: of those at hand in the area.

    Whoever may be put on such a duty that day is among them; a site's chief chooses from the area's people.
    """
    wanted = {each for kind in kinds for each in CERTIFICATE_FOR.get(kind, (kind,))}
    held = Certificate.objects.filter(
        person__in=at_hand(by, on).order_by(), post_kind__in=wanted, valid_from_on__lte=on, valid_until__gt=on
    )
    return list(held.select_related("person").order_by("person_id", "-valid_until").distinct("person_id"))


def certified_accounts(
    account_ids: Collection[int | None], post_kind: PostKind, on: date
) -> dict[int, Certificate]:  # fmt: skip
    """Of the accounts given, those whose person holds a certificate for the post valid on the day, with it."""
    kinds = CERTIFICATE_FOR.get(post_kind, (post_kind,))
    held = Certificate.objects.filter(
        person__account_id__in=account_ids, post_kind__in=kinds, valid_from_on__lte=on, valid_until__gt=on
    )
    rows = held.select_related("person").order_by("valid_until")
    return {each.person.account_id: each for each in rows if each.person.account_id is not None}


def postings_of(person: Person) -> QuerySet[Posting]:
    """The posts a person held and holds, the latest first."""
    return person.postings.all()


def certificates_ending(by: Actor, on: date) -> QuerySet[Certificate]:
    """The certificates that end about now, also those that a later one of the same person and post follows."""
    notice = _notice(by, on)
    rows = scoped(Certificate.objects.all(), by, "person__agency_code")
    return rows.filter(valid_until__lte=on + notice, valid_until__gt=on - notice)


def _notice(by: Actor, on: date) -> timedelta:
    return timedelta(days=int(parameter("retraining-notice-days").on(on, province=by.agency_code[:2] or None)))


def ending_certificates(by: Actor, on: date) -> QuerySet[Certificate]:
    """The last certificates of a person for a post that end within the notice, or have ended in the last months."""
    notice = _notice(by, on)
    last = (
        scoped(Certificate.objects.all(), by, "person__agency_code")
        .values("person", "post_kind")
        .annotate(ends=Max("valid_until"))
        .filter(ends__lte=on + notice, ends__gt=on - notice)
    )
    ends = {(row["person"], row["post_kind"]): row["ends"] for row in last[:2000]}
    found = Certificate.objects.filter(person__in={person for person, _ in ends}, valid_until__in=set(ends.values()))
    keys = [each.pk for each in found if ends.get((each.person_id, each.post_kind)) == each.valid_until]
    return Certificate.objects.filter(pk__in=keys).select_related("person").order_by("valid_until", "id")


def conditions_held(by: Actor, person_id: int, on: date) -> list[str]:
    """The basic conditions that a person has not lost."""
    person = person_of(by, person_id)
    return [name for name in parameter("staff-conditions").on(on) if name not in person.conditions_lapsed]
