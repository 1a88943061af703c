"""What can be wrong with the law files, and with asking them about a day that they do not cover."""

from __future__ import annotations

from datetime import date

from zikao.foundation.errors import ZikaoError


class LawError(Exception):
    """A defect in the law data or in a rule: found when it is loaded, never shown to a user."""


class UnknownClause(LawError, LookupError):
    """A clause id that the register does not hold."""

    def __init__(self, clause_id: str) -> None:
        super().__init__(f"no clause {clause_id!r} in the register (law/clauses)")
        self.clause_id = clause_id


class UnknownParameter(LawError, LookupError):
    """A parameter name that no file of law/parameters holds."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no parameter {name!r} in law/parameters")
        self.name = name


class NotInForce(ZikaoError):
    """The rule or parameter says nothing about that day."""

    def __init__(self, name: str, on: date, *, title: str = "", clause: str | None = None) -> None:
        super().__init__(
            "not-in-force",
            facts={"name": name, "on": on},
            message=f"{title or name}：{on.year}年{on.month}月{on.day}日没有现行有效的规定，不能据此办理。",
            remedy="请核对办理日期；日期无误的，请联系本机构考务管理部门。",
            clause=clause,
        )
        self.name = name
        self.on = on
