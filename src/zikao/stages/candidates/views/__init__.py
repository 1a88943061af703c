"""Pages of candidates: the clerk's, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "candidates.registered": "报名注册，编排准考证号",
        "candidates.registered-in-bulk": "批量报名注册",
        "candidates.card-issued": "发放准考证",
        "candidates.password-set": "设置考生密码",
        "candidates.pledged": "签署诚信考试承诺书",
        "candidates.pledged-in-bulk": "批量登记诚信考试承诺书",
        "candidates.suspended": "登记停考",
        "candidates.integrity-recorded": "记入诚信档案",
        "candidates.accommodation-applied": "申请残疾考生便利",
        "candidates.accommodation-decided": "决定残疾考生便利",
        "candidates.accommodation-withdrawn": "撤回残疾考生便利",
        "candidates.preregistration-begun": "开始网上预报名",
        "candidates.preregistration-resumed": "凭预约号续填",
        "candidates.preregistration-answered": "填报",
        "candidates.preregistration-portrait": "上传照片，检查合格",
        "candidates.preregistration-terms": "接受考场规则、签署承诺",
        "candidates.preregistration-submitted": "提交预报名",
        "candidates.preregistration-withdrawn": "撤回预报名",
        "candidates.preregistrations-lapsed": "清理逾期的预报名",
        "candidates.preregistration-called": "叫号",
        "candidates.preregistration-put-back": "放回队列",
        "candidates.preregistration-returned": "退回修改",
        "candidates.preregistration-confirmed": "现场确认，编排准考证号",
        "candidates.suspension-taken": "登记他省作出的停考",
        "candidates.suspension-lifted": "提前解除停考",
        "candidates.suspension-lifting-taken": "登记他省解除停考",
        "candidates.correction-proposed": "提出更正身份信息",
        "candidates.tutoring-declared": "登记助学机构",
        "candidates.tutoring-listed": "登记助学机构考生名单",
        "candidates.relative-declared": "申报亲属",
        "candidates.base-information-sent": "报送注册信息",
        "candidates.passes-sent": "报送合格课程门数",
        "candidates.accounts-taken": "收到学习账号",
        "candidates.elsewhere-told": "收到外省考籍情况",
        "candidates.batch-refused": "报送未被收下",
        "secrecy.revealed": "查看完整个人信息",
    }
)
