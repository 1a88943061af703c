"""Identity data corrected level by level; declarations; the integrity file."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from tests.factories.actors import COUNTY, area_clerk, county_clerk, head
from tests.factories.approvals import proof_of, sign, sign_all, signer_of, someone
from tests.factories.candidates import PORTRAIT, a_candidate, an_applicant, as_candidate, candidates
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.foundation.approvals import commands as approvals
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.progress import progress_of
from zikao.foundation.errors import BadInput, Conflict, NotFound, ZikaoError
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.models import ID_NUMBER, VALUES, Candidate, DeclaredRelative, IdentityCorrection
from zikao.stages.candidates.states import AccountState, CandidateState, IdentityState

pytestmark = pytest.mark.django_db
PAPER = {"reason": "公安机关更正", "evidence": b"%PDF-1.7", "evidence_type": "application/pdf"}


def proposed(at: datetime, candidate: Candidate, **more: object) -> IdentityCorrection:
    by = someone(Post.COUNTY_CLERK, COUNTY, at)
    given = {"changes": {"name": "王小芳"}, **PAPER, **more}
    return commands.propose_identity_correction(candidate_id=candidate.pk, by=by, at=at, **given).value


def approval_of(correction: IdentityCorrection) -> Approval:
    return Approval.objects.get(pk=correction.approval_id)


def test_name_and_number_change_only_when_county_prefecture_and_province_have_signed(at: datetime) -> None:
    person, other = an_applicant(at), an_applicant(at)
    candidate = a_candidate(at, applicant=person)
    commands.issue_card(candidate_id=candidate.pk, by=county_clerk(), at=at)
    Candidate.objects.update(account_state=AccountState.LINKED)
    dates = {"since_on": date(2026, 8, 1), "until_on": date(2027, 8, 1), "reference": "苏教考处〔2026〕21号"}
    commands.impose_suspension(candidate_id=candidate.pk, by=head(), at=at, **dates)
    changes = {"name": "王小芳", "id_number": other.id_number, "born_on": other.born_on}
    correction = proposed(at, candidate, changes=changes)
    moment, signers = at, []
    while (approval := approval_of(correction)).state == "open":
        candidate.refresh_from_db()
        assert (candidate.name, candidate.state) == (person.name, CandidateState.CARD_ISSUED)
        turn = next(each for each in progress_of(approval) if each.is_turn)
        moment += timedelta(seconds=1)
        signers.append(signer_of(approval, turn, moment))
        sign(approval, signers[-1], moment)
    assert [signer.agency_code for signer in signers] == ["320102", "3201", "32"]
    candidate.refresh_from_db()
    assert (candidate.name, ID_NUMBER.text(candidate)) == ("王小芳", other.id_number)
    assert (candidate.state, candidate.account_state) == (CandidateState.REGISTERED, AccountState.AWAITING)
    assert Account.objects.get(candidate_id=candidate.pk).name == "王小芳"
    correction.refresh_from_db()
    assert correction.state == IdentityState.DONE
    assert json.loads(VALUES.text(correction))["before"]["id_number"] == person.id_number
    assert person.id_number.encode() not in bytes(correction.values_sealed)
    assert queries.suspended_until(candidate, date(2026, 9, 1)) == date(2027, 8, 1)


def test_refused_correction_changes_nothing(at: datetime) -> None:
    candidate = a_candidate(at)
    correction = proposed(at, candidate, changes={}, picture=PORTRAIT + b"\x00")
    approval = approval_of(correction)
    turn = next(each for each in progress_of(approval) if each.is_turn)
    by = signer_of(approval, turn, at)
    proof = proof_of(by, at)
    approvals.refuse_approval(approval_id=approval.pk, proof=proof, comment="材料不符", by=by, at=at)
    correction.refresh_from_db()
    assert correction.state == IdentityState.REFUSED
    before = candidate.portrait
    candidate.refresh_from_db()
    assert candidate.portrait == before
    renewed = proposed(at, candidate, changes={}, picture=PORTRAIT + b"\x00")
    sign_all(approval_of(renewed), at)
    candidate.refresh_from_db()
    assert candidate.portrait not in (before, "")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"changes": {}}, "nothing-changes"),
        ({"reason": " "}, "proof-missing"),
        ({"evidence": b""}, "proof-missing"),
        ({"changes": {"name": "王2"}}, "name-characters"),
        ({"changes": {"sex": "1"}}, "sex-differs"),
        ({"changes": {"id_number": "329999199003070019"}}, "id-number-check"),
        ({"picture": b"no picture"}, "portrait-no-picture"),
    ],
)
def test_correction_is_refused_when_it_is_wrong(at: datetime, given: dict, problem: str) -> None:
    with pytest.raises(ZikaoError, match=problem):
        proposed(at, a_candidate(at), **given)


def test_correction_to_a_registered_number_is_refused(at: datetime) -> None:
    other = an_applicant(at)
    a_candidate(at, applicant=other)
    changes = {"id_number": other.id_number, "born_on": other.born_on}
    with pytest.raises(Conflict, match="person-registered"):
        proposed(at, a_candidate(at), changes=changes)


def test_tutoring_list_is_taken_whole_or_not_at_all(at: datetime) -> None:
    institution = TutoringInstitution.objects.create(code="T01", name="南京助学中心", agency_code="3201")
    listed = [each.admission_number for each in candidates(at, 3)]
    with pytest.raises(BadInput, match="list-refused") as refusal:
        commands.list_tutored(institution_code="T01", admission_numbers=[*listed, "999"], by=area_clerk(), at=at)
    assert "第 4 行" in refusal.value.message
    assert not Candidate.objects.filter(tutoring_institution=institution).exists()
    done = commands.list_tutored(institution_code="T01", admission_numbers=listed, by=area_clerk(), at=at)
    assert done.value == Candidate.objects.filter(tutoring_institution=institution).count() == 3


def test_candidate_declares_their_own_and_nobody_elses(at: datetime) -> None:
    candidate, other = a_candidate(at), a_candidate(at)
    by = as_candidate(candidate)
    TutoringInstitution.objects.create(code="T02", name="南京助学中心", agency_code="3201")
    commands.declare_tutoring(candidate_id=candidate.pk, institution_code="T02", by=by, at=at)
    commands.declare_relative(candidate_id=candidate.pk, name="王刚", relation="父亲", by=by, at=at)
    assert "王刚".encode() not in bytes(DeclaredRelative.objects.get().name_sealed)
    with pytest.raises(Conflict):
        commands.declare_relative(candidate_id=candidate.pk, name="王刚", relation="父亲", by=by, at=at)
    with pytest.raises(NotFound):
        commands.declare_relative(candidate_id=other.pk, name="王刚", relation="父亲", by=by, at=at)
    candidate.refresh_from_db()
    assert str(candidate.tutoring_institution) == "南京助学中心"
