"""What staff find in the navigation, two: what keeps the node in order, then what is one's own."""

from zikao.portals.navigation.links import StageLinks

HOUSE: tuple[StageLinks, ...] = (
    (
        "secrecy",
        "保密与密钥",
        (
            ("涉密事项", "secrecy:secrets"),
            ("接触记录", "secrecy:accesses"),
            ("查看完整信息记录", "secrecy:reveals"),
            ("加密的数据", "secrecy:fields"),
            ("密钥", "secrecy:keys"),
            ("往来节点", "secrecy:peers"),
        ),
    ),
    (
        "retention",
        "保存与销毁",
        (
            ("保管的材料", "retention:list"),
            ("到期清单", "retention:due"),
            ("考试信息清单", "agencies:inventory"),
            ("暂缓销毁", "retention:holds"),
            ("销毁", "retention:destructions"),
        ),
    ),
    ("exports", "导出", (("我的导出", "exports:mine"), ("登记簿", "exports:register"), ("水印识别", "exports:trace"))),
    (
        "accounts",
        "账号与岗位",
        (
            ("账号", "accounts:list"),
            ("岗位聘任", "accounts:appointments"),
            ("第二重验证重置", "accounts:resets"),
            ("登录日志", "accounts:sign-ins"),
        ),
    ),
    (
        "approvals",
        "审批",
        (
            ("待我签批", "approvals:waiting"),
            ("我提出的", "approvals:proposed"),
            ("全部审批", "approvals:all"),
            ("代签委托", "approvals:delegations"),
            ("会同审查", "approvals:reviews"),
        ),
    ),
    (
        "backups",
        "备份",
        (("备份", "backups:list"), ("恢复演练", "backups:drills"), ("备份保管", "backups:custodies")),
    ),
    (
        "trust",
        "信任",
        (
            ("信任状态", "trust:state"),
            ("系统日志", "trust:log"),
            ("账本核验", "trust:verifications"),
            ("账本告警", "trust:alarms"),
        ),
    ),
    ("work", "我的", (("长时间任务", "work:mine"), ("我的账号", "accounts:own"))),
)
