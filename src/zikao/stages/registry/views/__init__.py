"""Pages of electronic registration: batches, certificates, and the public's look-up."""

from zikao.foundation.pages import tell

tell(
    **{
        "registry.checked": "整理核对注册信息",
        "registry.approved": "审批注册信息",
        "registry.sent": "上报国家考试中心",
        "registry.resent": "更正后重新上报",
        "registry.answered": "收到注册结果",
        "registry.revocation-taken-in": "收到撤销注册的通知",
    }
)
