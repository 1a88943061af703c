"""When a record is opened, and which course earns a certificate."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, decide, parameter

IN_FORCE = date(2020, 9, 27)

OPENING = Rule("records.opening", title="有一门以上课程合格即建立考籍档案")
PASS_CERTIFICATE = Rule("records.pass-certificate", title="课程合格证发给课程合格者")


@OPENING.version("SR-8.2", since=IN_FORCE)
def _(*, passes: int, on: date) -> Decision:
    needed = int(parameter("record-opening-passes").on(on))
    return decide("SR-8.2", passes >= needed, "no-pass-yet", passes=passes, needed=needed)


@PASS_CERTIFICATE.version("SR-13.2", since=IN_FORCE)
def _(*, passed: bool, issued_already: bool) -> Decision:
    if issued_already:
        return decide("SR-13.3", False, "pass-certificate-issued")
    return decide("SR-13.2", passed, "course-not-passed")
