"""Approvals: proposed, signed in order by distinct people, refused, withdrawn, expired; what follows and when."""

from __future__ import annotations

import pytest

from tests.factories.approvals import DIGEST, proposal, sign_all
from zikao.foundation.approvals import require_approved
from zikao.foundation.approvals.states import ApprovalState

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("crosses", [False, True])
def test_a_correction_is_whole_when_all_have_signed(at, crosses):
    approval = sign_all(proposal(at, case={"crosses_pass": crosses}), at)
    assert approval.state == ApprovalState.APPROVED
    assert approval.signatures.count() == (5 if crosses else 2)
    assert require_approved(chain=approval.chain, subject=approval.subject, digest=DIGEST, at=at) == approval
