"""Pages of student records: staff's, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "records.opened": "建立考籍档案",
        "records.opened-together": "批量建立考籍档案",
        "records.pass-certificate-issued": "签发课程合格证",
        "records.pass-statement-issued": "签发课程合格证明",
    }
)
