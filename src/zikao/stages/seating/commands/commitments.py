"""The seed is fixed before anybody can know it: digests before the list closes, secrets after."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command
from zikao.foundation.errors import NotFound
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.seating import policies, queries, rules
from zikao.stages.seating.models import Commitment, Draw
from zikao.stages.seating.states import TRANSITIONS, DrawState


@command(writes="seating.secret-committed", clauses=("EA-16",), posts=policies.COMMITTERS)
def commit_secret(*, sitting_code: str, digest: str, by: Actor, at: datetime) -> Outcome[Commitment]:
    """Commit to a secret number by its SM3 digest, before the sitting's entry list closes.

    The secret itself (32 bytes) stays with the official until `reveal_secret`.

    Source:  EA-16
    Writes:  seating.secret-committed
    Raises:  NotPermitted, NotFound, Refused (late, malformed, twice)
    """
    policies.check_whole_province(by)
    account = policies.official_account(by)
    window = window_shared(sitting_code)  # the list cannot close while we commit
    draw, _ = Draw.objects.get_or_create(sitting_id=window.sitting_id, defaults={"opened_at": at})
    draw = Draw.objects.select_for_update().get(pk=draw.pk)
    held = list(draw.commitments.all())
    rules.COMMITMENT(
        on=local_day(at),
        at=at,
        closes_at=window.closes_at,
        list_closed=queries.entry_list_of(sitting_code) is not None,
        well_formed=rules.is_digest(digest),
        committed=any(each.official_account_id == account for each in held),
    ).require()
    made = Commitment.objects.create(
        draw=draw,
        order=len(held) + 1,
        official_account_id=account,
        official=by.name,
        post=by.post.label,
        digest=digest,
        committed_at=at,
    )
    return Outcome(made, on=draw, facts={"sitting": sitting_code, "order": made.order, "digest": digest})


@command(writes="seating.secret-revealed", clauses=("EA-16",), posts=policies.COMMITTERS)
def reveal_secret(*, sitting_code: str, secret: str, by: Actor, at: datetime) -> Outcome[Commitment]:
    """Reveal the secret committed to, after the list closed; the last one fixes the seed.

    Source:  EA-16
    Writes:  seating.secret-revealed
    Raises:  NotPermitted, NotFound, WrongState, Refused (early, another secret, twice)
    """
    policies.check_whole_province(by)
    account = policies.official_account(by)
    draw = _locked(sitting_code)
    closed = queries.entry_list_of(sitting_code)
    mine = draw.commitments.filter(official_account_id=account).first()
    if mine is None:
        raise NotFound("commitment-not-found", message="您没有为本次编排提交过承诺。")
    rules.REVEAL(
        on=local_day(at),
        list_closed=closed is not None,
        matches=rules.is_secret(secret) and rules.digest_of_secret(secret) == mine.digest,
        revealed=mine.secret is not None,
    ).require()
    mine.secret, mine.revealed_at = secret, at
    mine.save(update_fields=["secret", "revealed_at"])
    facts = {"sitting": sitting_code, "order": mine.order, "secret": secret}
    if closed is not None and _all_revealed(draw, at):
        _fix_seed(draw, closed.digest, at)
        facts["seed"] = draw.seed
    return Outcome(mine, on=draw, facts=facts)


def _locked(sitting_code: str) -> Draw:
    draw = queries.draw_of(sitting_code)
    return Draw.objects.select_for_update().get(pk=draw.pk)


def _all_revealed(draw: Draw, at: datetime) -> bool:
    held = list(draw.commitments.all())
    revealed = sum(each.secret is not None for each in held)
    return rules.SEED(on=local_day(at), committed=len(held), revealed=revealed).granted


def _fix_seed(draw: Draw, entry_digest: str, at: datetime) -> None:
    check_transition(TRANSITIONS, DrawState(draw.state), DrawState.REVEALED)
    secrets = [each.secret or "" for each in draw.commitments.order_by("order")]
    draw.state = DrawState.REVEALED
    draw.entry_digest = entry_digest
    draw.seed = rules.seed_of(entry_digest, secrets).hex()
    draw.revealed_at = at
    draw.save(update_fields=["state", "entry_digest", "seed", "revealed_at"])
