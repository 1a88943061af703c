"""Which tables stand under row security, which do not and why, and where the program looks across agencies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from zikao.foundation.commands.row_security import AlsoShown, RowSecurity

PACKAGE = Path(__file__).resolve().parents[1]

EXCEPTIONS = {
    "access_account": "登录时尚不知是谁，须按用户名找到账号；考生账号只有姓名和准考证号，页面按岗位和范围列出",
    "access_appointment": "工作人员的任职，不含考生信息；每次请求据此确定是谁、在哪一机构",
    "access_signin": "登录日志：账号、时间、地址；登录时尚不知是谁，审计员按范围查看",
    "agencies_committeemember": "考区委员会成员，不含考生信息",
    "agencies_dutyphone": "值班电话，加密保存；须向上下级机构通报",
    "agencies_emergencymember": "应急处置工作领导小组，电话加密；突发事件时各级都要据此报告",
    "agencies_facility": "印制单位、车辆、监控，不含考生信息",
    "agencies_ministryconsent": "教育部同意函的登记，考区申报省外考点时要选用，不含考生信息",
    "agencies_premisesletter": "报送教育部考试中心的函件，只列工作人员，不含考生信息",
    "agencies_recorddepartment": "考籍管理部门，不含考生信息",
    "agencies_school": "主考学校名录，各地报考都要看到",
    "agencies_secureroom": "保密室，不含考生信息",
    "agencies_site": "考点，不含考生信息；考生和各县（区）都要看到",
    "agencies_tutoringinstitution": "助学机构名录，不含考生信息",
    "approvals_approval": "签批链跨层级，由下级提出、上级签批；内容以摘要和编号指向，列表按岗位和范围限定",
    "approvals_delegation": "工作人员之间的委托，不含考生信息",
    "approvals_jointreview": "会签的登记，只有编号和处理结果，签批人跨层级",
    "approvals_signature": "工作人员的签批，不含考生信息",
    "collecting_round": "采集安排，不含考生信息",
    "collecting_session": "采集和处理场次，不含考生信息",
    "collecting_worker": "采集和处理人员名单，不含考生信息",
    "programmes_demandcount": "按专业、课程统计的人数，没有个人信息；按统计范围查看",
    "programmes_planschool": "分地区的主考学校，不含考生信息；各地考生和公众都要看到",
    "exports_export": "导出的登记：用途、条件、份数；所导出的行按申请人的范围查得，文件加密另存",
    "jobs_work": "任务的进度，不含考生信息；任务本身按所属机构的范围执行",
    "ledger_line": "账本的行只有编号和代码，公开可验；不含考生信息",
    "marking_answerkey": "标准答案，不含考生信息；另按密级管理",
    "marking_keysignature": "标准答案的签认，不含考生信息",
    "marking_marker": "评卷员名单，不含考生信息",
    "marking_question": "题目和分值，不含考生信息",
    "marking_rubric": "评分细则，不含考生信息；另按密级管理",
    "papers_box": "试卷箱，不含考生信息",
    "personnel_conductrecord": "工作人员的履职记录，不含考生信息；列表按岗位和范围限定",
    "personnel_dispatch": "省级统一调派，不含考生信息",
    "personnel_duty": "工作人员的值守，不含考生信息",
    "personnel_payrate": "全省劳务标准，不含考生信息",
    "personnel_paysheet": "工作人员的劳务报酬，不含考生信息；列表按岗位和范围限定",
    "personnel_person": "考试工作人员登记；跨县（区）抽调时都要看到，不含考生信息",
    "personnel_posting": "工作人员的岗位聘任，不含考生信息",
    "personnel_roster": "监考编排：种子、求解器和输入只有人员编号和考场编号",
    "personnel_trainingcourse": "培训班，不含考生信息",
    "results_changelist": "成绩变更单的编号、摘要和条数；其中的行在 archive.staged，受保护",
    "retention_destruction": "销毁的登记：编号、数量、见证，不含考生信息",
    "retention_hold": "停止销毁的登记，只有案件编号",
    "retention_holding": "保管物的登记：种类、数量、地点，不含考生信息",
    "secrecy_reveal": "查看完整信息的登记：谁、为何、哪一项；对象只有编号",
    "secrecy_secretaccess": "接触涉密事项的登记，不含考生信息",
}
"""Tables with an agency code or a candidate that are not under row security, each with the reason."""
ARCHIVE = {
    "archive.score": ["agency_code；本人：candidate_id = {candidate}，且已公布", "经视图 results_score 读取"],
    "archive.staged": ["agency_code"],
}
"""The score archive's tables: its own role makes their policies (results 0003)."""


@dataclass(frozen=True)
class Protected:
    """A table under row security and the condition by which its rows are shown."""

    table: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class LookAcross:
    """A place in the program where all rows are shown, with its reason."""

    place: str
    reason: str


def protected() -> list[Protected]:
    """Every table that a migration put under row security, by name."""
    found: dict[str, list[str]] = {table: list(shown) for table, shown in ARCHIVE.items()}
    for migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values():
        for operation in migration.operations:
            if isinstance(operation, RowSecurity | AlsoShown):
                found.setdefault(operation.table, []).append(_shown(operation))
    return [Protected(table, tuple(shown)) for table, shown in sorted(found.items())]


def _shown(operation: RowSecurity | AlsoShown) -> str:
    if isinstance(operation, AlsoShown):
        return f"只读：{operation.when}"
    by = f"随 {operation.through[0]}（{operation.through[1]}）" if operation.through[0] else operation.column
    return f"{by}；本人：{operation.own}" if operation.own else by


def bearing() -> set[str]:
    """The tables that bear an agency code or belong to a candidate."""
    return {
        model._meta.db_table.rpartition(".")[2].strip('"')
        for model in apps.get_models(include_auto_created=True)
        if {"agency_code", "candidate_id"} & {field.column for field in model._meta.concrete_fields}
    }


LIFTING = {"all_rows", "asked_of_all_rows", "asked_as_owner"}


def looks_across(package: Path = PACKAGE) -> Iterator[LookAcross]:
    """Every `all_rows(...)` of the program, in the order of files; the reason is "" where no literal stands for it."""
    for path in sorted(package.rglob("*.py")):
        if "all_rows" not in (text := path.read_text(encoding="utf-8")) or path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in LIFTING and node.args:
                yield LookAcross(str(path.relative_to(package)), _reason(node.args[0], path.parent))


def _reason(given: ast.expr, room: Path) -> str:
    """The text itself, or that of the constant of the room that is named."""
    if isinstance(given, ast.Constant):
        return str(given.value)
    name = given.attr if isinstance(given, ast.Attribute) else getattr(given, "id", "")
    for path in sorted(room.glob("*.py")) if name.isupper() else ():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
                return str(node.value.value) if isinstance(node.value, ast.Constant) else ""
    return ""


def markdown() -> str:
    """The reference page's body."""
    parts = ["# 行级安全", "", _ABOUT, "", "## 受保护的表", "", "| 表 | 按什么显示 |", "|---|---|"]
    parts += [f"| `{each.table}` | {'<br>'.join(f'`{shown}`' for shown in each.shown)} |" for each in protected()]
    parts += ["", "## 不在其中的表", "", "| 表 | 理由 |", "|---|---|"]
    parts += [f"| `{table}` | {reason} |" for table, reason in sorted(EXCEPTIONS.items())]
    parts += ["", "## 跨机构查看之处", "", "| 程序 | 理由 |", "|---|---|"]
    parts += [f"| `{each.place}` | {each.reason} |" for each in looks_across()]
    return "\n".join([*parts, ""])


_ABOUT = (
    "忘了写筛选条件的查询，什么也查不到：数据库按连接的设置 `zikao.lo`、`zikao.hi`（机构代码的半开区间）和"
    "`zikao.candidate`（考生本人）逐行判断，没有设置就没有一行。依据：考务 第五条、第四十七条、第四十九条；"
    "取舍见 [ADR 0016](../adr/0016-the-database-forgets-no-filter.md)。"
)
