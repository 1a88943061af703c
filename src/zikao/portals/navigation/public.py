"""What everybody finds in the tabs of the public portal."""

from zikao.portals.navigation.links import Links

PUBLIC: Links = (
    ("首页", "public:home"),
    ("考试安排", "public:timetable"),
    ("报考时间", "entries:public-windows"),
    ("考试计划", "programmes:public-plans"),
    ("第一次报名", "candidates:online"),
    ("考场规则", "public:rules"),
    ("证书查验", "public:verify"),
    ("成绩单核对", "results:check"),
    ("条款目录", "public:clauses"),
    ("公开账本", "public:ledger"),
    ("核对回执", "trust:check"),
)
FOR_CANDIDATES = frozenset({"entries:public-windows", "candidates:online"})
"""What the public finds only at a node where candidates register."""
