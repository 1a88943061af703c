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
        "secrecy.revealed": "查看完整个人信息",
    }
)
