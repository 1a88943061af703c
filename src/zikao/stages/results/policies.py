"""Who may collect, sign, file and publish scores; who holds the archive's three segments."""

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotPermitted
from zikao.stages.results.models import ChangeList

COLLECTORS = frozenset({Post.SCORE_OFFICER})
APPROVERS = frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD})
PUBLISHERS = frozenset({Post.PROVINCE_HEAD})
TAKERS_OVER = frozenset({Post.RECORDS_HEAD})
ASSESSORS = frozenset({Post.SCORE_OFFICER, Post.RECORDS_CLERK})
READERS = frozenset({Post.SCORE_OFFICER, Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.RECORDS_CLERK, Post.AUDITOR})
STAGERS = COLLECTORS | TAKERS_OVER | ASSESSORS
CUSTODIANS = frozenset({Post.PROVINCE_HEAD, Post.RECORDS_HEAD, Post.SCORE_OFFICER})
CORRECTORS = frozenset({Post.RECORDS_CLERK})
COMPARERS = frozenset({Post.AUDITOR, Post.RECORDS_HEAD, Post.NODE})
COMPARISON_READERS = READERS | {Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN}
TOLD = frozenset(
    {
        Post.PROVINCE_HEAD,
        Post.RECORDS_HEAD,
        Post.RECORDS_CLERK,
        Post.SCORE_OFFICER,
        Post.AREA_DIRECTOR,
        Post.PREFECTURE_CLERK,
        Post.COUNTY_CLERK,
        Post.SCHOOL_CLERK,
    }
)
"""Who reads published results (SR-A1.13): agencies their own candidates, a school those of its own majors."""
WITNESSES = frozenset({Post.AUDITOR})
WINDOW_REQUESTERS = STAGERS | APPROVERS
FILERS = frozenset({Post.SCORE_OFFICER, Post.RECORDS_HEAD})


def check_staged_it(by: Actor, held: ChangeList) -> None:
    """Only who handed a list in withdraws it."""
    if by.account_id is None or by.account_id != held.staged_by:
        raise NotPermitted(
            "not-the-stager",
            message="只有提交这份清单的人可以撤回。",
            remedy="不同意这份清单的，请不要签字，并告知经办人撤回。",
        )
