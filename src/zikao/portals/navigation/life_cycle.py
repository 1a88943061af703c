"""What staff find in the navigation, one: the stages of the life cycle in their order, then the nation."""

from zikao.portals.navigation.links import StageLinks

LIFE_CYCLE: tuple[StageLinks, ...] = (
    (
        "agencies",
        "机构与考点",
        (
            ("考点", "agencies:sites"),
            ("机构", "agencies:tree"),
            ("应急领导小组", "agencies:emergency"),
            ("值班电话", "agencies:duty-phones"),
            ("支持学校", "agencies:supporting-schools"),
            ("主考学校", "agencies:schools"),
            ("助学机构", "agencies:tutoring-institutions"),
            ("助学场地专函", "agencies:letters"),
            ("保密室", "agencies:secure-rooms"),
            ("印制、车辆、监控", "agencies:facilities"),
            ("考籍管理部门", "agencies:record-departments"),
            ("考籍职责分工", "agencies:roles"),
        ),
    ),
    (
        "personnel",
        "考试工作人员",
        (
            ("人员", "personnel:persons"),
            ("岗前培训", "personnel:courses"),
            ("回避线索", "personnel:flags"),
            ("考点人员", "personnel:sites"),
            ("考务聘任", "personnel:duties"),
            ("统一调派", "personnel:dispatches"),
            ("劳务报酬", "personnel:pay-sheets"),
            ("履职记录", "personnel:conduct"),
            ("我的考务", "personnel:mine"),
        ),
    ),
    (
        "programmes",
        "考试计划与安排",
        (
            ("考次与考试安排", "programmes:sittings"),
            ("专业考试计划", "programmes:plans"),
            ("统考课程专项申请", "programmes:permissions"),
            ("实施细则", "programmes:detailed-rules"),
        ),
    ),
    (
        "candidates",
        "报名注册",
        (
            ("考生", "candidates:list"),
            ("现场报名", "candidates:register"),
            ("预报名队列", "candidates:queue"),
            ("现场确认", "candidates:desk"),
            ("残疾考生便利", "candidates:accommodations"),
        ),
    ),
    (
        "entries",
        "报考缴费",
        (
            ("报考窗口", "entries:overview"),
            ("报考名单", "entries:list"),
            ("订单", "entries:orders"),
            ("退款", "entries:refunds"),
            ("每日对账", "entries:reconciliations"),
        ),
    ),
    ("seating", "考场编排", (("随机编排", "seating:draws"),)),
    ("papers", "试卷", (("试卷箱", "papers:boxes"),)),
    ("conduct", "考试实施", (("考试日", "conduct:sites"), ("考场", "conduct:rooms"))),
    ("violations", "违规处理", (("违规案件", "violations:cases"),)),
    ("collecting", "采集与评卷场所", (("采集安排", "collecting:rounds"), ("场所", "collecting:sessions"))),
    (
        "marking",
        "评卷",
        (
            ("科目", "marking:papers"),
            ("存疑答题卡", "marking:doubts"),
            ("搁置答题卡", "marking:set-aside"),
            ("评卷", "marking:desk"),
        ),
    ),
    (
        "results",
        "成绩",
        (
            ("成绩发布", "results:list"),
            ("公布的成绩", "results:told-list"),
            ("网上成绩对照", "results:comparisons"),
        ),
    ),
    (
        "records",
        "考籍",
        (("考籍档案", "records:list"), ("待建档", "records:waiting"), ("查阅档案", "records:consultations")),
    ),
    (
        "transfers",
        "转考",
        (("转考", "transfers:list"), ("省内转考", "transfers:moves"), ("课程替换", "transfers:substitutions")),
    ),
    ("graduation", "毕业", (("毕业申请", "graduation:applications"), ("毕业名册", "graduation:rosters"))),
    ("registry", "电子注册", (("注册批次", "registry:batches"),)),
    (
        "national",
        "全国",
        (
            ("考试安排备案", "national:filings"),
            ("统考课程专项申请", "national:permissions"),
            ("实施细则备案", "national:rules-filings"),
            ("考试信息上报", "national:reports"),
            ("向教育部考试中心上报", "national:report-tasks"),
            ("学习账户", "national:accounts"),
            ("停考名单", "national:suspensions"),
            ("助学场地专函", "national:letters"),
            ("证书注册", "national:certificates"),
            ("转考平台", "national:transfers"),
        ),
    ),
)
