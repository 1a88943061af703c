"""Pages of student records: staff's, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "records.opened": "建立考籍档案",
        "records.opened-together": "批量建立考籍档案",
        "records.opened-chosen": "为选中的考生建档",
        "records.consultation-requested": "申请查阅考籍档案",
        "records.consultation-begun": "查阅人到场",
        "records.consulted": "查阅档案内容",
        "records.consultation-ended": "结束查阅",
        "records.pass-certificate-issued": "签发课程合格证",
        "records.pass-statement-issued": "签发课程合格证明",
    }
)
