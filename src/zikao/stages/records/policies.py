"""Who opens, reads and certifies records: record staff only (SR-10.4). Others ask for a consultation."""

from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.stages.records.models import Consultation

OPENERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD, Post.NODE})
READERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
CERTIFIERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
CONSULTERS = STAFF_POSTS - {Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN}
"""Who may ask to consult a record: for themselves, and record staff for a visitor. Asking shows nothing."""
ATTENDANTS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})

NEEDS: dict[Post, str] = {
    Post.RECORDS_CLERK: "管理考籍档案：建档、发证、核对成绩来源（考籍 第八条、第十条）",
    Post.RECORDS_HEAD: "分管考籍：审批成绩归档、查阅、毕业（考籍 第十条、附件1）",
    Post.SCORE_OFFICER: "成绩信息管理责任人：采集、登记成绩（考籍 附件1 第三条）",
    Post.PROVINCE_HEAD: "主要负责人：批准成绩公布和更正（考籍 附件1 第十三条）",
    Post.AUDITOR: "审计：核对每一版成绩与账本（考籍 附件1）；不能导出给外单位",
}
"""Which posts look up scores without an approval, and why (SR-A1.12); every other post needs a consultation."""


def may_read(actor: Actor, consultation: Consultation) -> bool:
    """Whether this actor is the one before whom the record may be opened: the reader, or a visitor's attendant."""
    if actor.account_id is None:
        return False
    if consultation.reader_account_id is not None:
        return actor.account_id == consultation.reader_account_id
    return actor.account_id == consultation.attended_by
