"""What can go wrong, in the words of the person who meets it.

Every error says what happened (`message`), why (`facts`), by which clause, and what to do now (`remedy`).
Texts are Chinese, because users read them; codes are English, because programs do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ZikaoError(Exception):
    """An expected failure with a code, facts, a message and a remedy."""

    http_status = 400
    default_message = "操作没有完成。"
    default_remedy = "请核对后再试；仍不成功时，把错误代码告诉本级教育考试机构。"

    def __init__(
        self,
        code: str,
        *,
        facts: Mapping[str, Any] | None = None,
        message: str = "",
        remedy: str = "",
        clause: str | None = None,
    ) -> None:
        self.code = code
        self.facts: dict[str, Any] = dict(facts or {})
        self.message = message or self.default_message
        self.remedy = remedy or self.default_remedy
        self.clause = clause
        super().__init__(f"{code}: {self.message}")

    def as_dict(self) -> dict[str, Any]:
        """The error as an API answer: code, message, remedy, clause and facts (values as text)."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "clause": self.clause,
            "facts": {name: str(value) for name, value in self.facts.items()},
        }


class BadInput(ZikaoError):
    """The input has the wrong shape or value; `field_errors` names each field."""

    http_status = 422
    default_message = "填写的内容有误。"
    default_remedy = "请按提示逐项改正后重新提交，其他内容已为您保留。"

    def __init__(self, code: str, *, field_errors: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(code, **more)
        self.field_errors: dict[str, str] = dict(field_errors or {})

    def as_dict(self) -> dict[str, Any]:
        """As ZikaoError, with the errors of each field."""
        return {**super().as_dict(), "field_errors": self.field_errors}


class NotFound(ZikaoError):
    """It does not exist, or belongs to another agency: the two look the same from outside."""

    http_status = 404
    default_message = "没有找到，或不在您的管辖范围内。"
    default_remedy = "请核对编号；属于其他机构的事项，请联系该机构办理。"


class NotPermitted(ZikaoError):
    """The actor's post may not do this."""

    http_status = 403
    default_message = "您现在的岗位不能办理这一事项。"
    default_remedy = "请由有权岗位的人员办理；岗位聘任有误的，请联系本机构的安全管理员。"


class Refused(ZikaoError):
    """The law refuses: every finding names its clause."""

    http_status = 409
    default_message = "按规定不能办理。"

    def __init__(self, code: str, *, findings: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(code, **more)
        self.findings = tuple(findings)


class WrongState(ZikaoError):
    """The thing is not in a state from which this can be done."""

    http_status = 409
    default_message = "当前状态下不能办理这一事项。"
    default_remedy = "请刷新页面查看现在的状态；可能已有其他人员办理。"


class Conflict(ZikaoError):
    """It is there already, or somebody else was faster."""

    http_status = 409
    default_message = "已有相同的记录。"
    default_remedy = "请先查询已有记录，确认是否需要再次办理。"
