"""Pages of transfers: the list, the counter, the platform, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "transfers.applied": "受理转出申请",
        "transfers.confirmed": "转出现场确认",
        "transfers.withdrawn": "撤回转出申请",
        "transfers.form-issued": "打印转考登记表",
        "transfers.uploaded": "上传电子档案",
        "transfers.outcome-taken-in": "收到转入地的办理结果",
        "transfers.received": "接收电子档案",
        "transfers.reviewed": "审核转入档案，确定转入方式",
        "transfers.completed": "转入现场确认，成绩记入考籍",
        "transfers.refused": "退回电子档案",
        "transfers.substitution-published": "公布课程替换",
    }
)
