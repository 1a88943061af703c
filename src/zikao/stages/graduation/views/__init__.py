"""Pages of graduation: applications, decisions, rosters and certificates, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "graduation.applied": "受理毕业申请",
        "graduation.decided": "审核（审定）通过",
        "graduation.returned": "不予办理",
        "graduation.postponed": "转入下一批",
        "graduation.certified": "生成名册，制作证书",
        "graduation.handed-out": "颁发毕业证书",
    }
)
