"""The materials shown in person, the date on the certificate, and its number."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.graduation.states import Materials

IN_FORCE = date(2020, 9, 27)

MATERIALS = Rule("graduation.materials", title="申请毕业须本人持材料办理")
ISSUE_DATE = Rule("graduation.issue-date", title="发证日期只有六月三十日和十二月三十日")
BATCH = Rule("graduation.batch", title="逾期当次不予补办")
LATER_BATCH = Rule("graduation.later-batch", title="没有赶上的，参加下一批")
REVIEWER = Rule("graduation.reviewer", title="受理与审核由两人办理")
HANDING_OUT = Rule("graduation.handing-out", title="完成电子注册后发证")
CERTIFICATE_NUMBER = Rule[str]("graduation.certificate-number", title="毕业证书编号")


@MATERIALS.version(("SR-18.2", "SR-18.1.4", "SR-18.1.6"), since=IN_FORCE)
def _(*, level: str, materials: Materials) -> Decision:
    prior = bool(materials.prior_certificate) and materials.prior_verified
    return all_of(
        decide("SR-18.2", materials.admission_card, "application-card-missing"),
        decide("SR-18.2", materials.identity_document, "application-identity-missing"),
        decide("SR-18.1.4", materials.appraisal_passed, "appraisal-missing"),
        decide("SR-18.1.6", level != "bachelor" or prior, "prior-certificate-missing"),
    )


@ISSUE_DATE.version("SR-17", since=IN_FORCE)
def _(*, batch_on: date, on: date) -> Decision:
    allowed = parameter("issue-dates").on(on)
    return decide("SR-17", batch_on.strftime("%m-%d") in allowed, "issue-date-not-allowed", dates="、".join(allowed))


@BATCH.version("SR-18.5", since=IN_FORCE)
def _(*, batch_on: date, roster_made: bool) -> Decision:
    return decide("SR-18.5", not roster_made, "batch-closed", batch_on=batch_on)


@LATER_BATCH.version("SR-18.5", since=IN_FORCE)
def _(*, present: date, wanted: date) -> Decision:
    return decide("SR-18.5", wanted > present, "batch-not-later", present=present)


@REVIEWER.version("SR-18.2", since=IN_FORCE)
def _(*, received_by: int | None, reviewer: int | None) -> Decision:
    return decide("SR-18.2", reviewer is None or received_by != reviewer, "not-the-same-reviewer")


@HANDING_OUT.version(("SR-A3.2", "SR-21"), since=IN_FORCE)
def _(*, registered: bool) -> Decision:
    return decide("SR-A3.2", registered, "certificate-not-registered")


@CERTIFICATE_NUMBER.version("SR-A3.1", since=IN_FORCE)
def _(*, level: str, province: str, admission_number: str, on: date) -> str:
    form = parameter("certificate-number-form").on(on)
    body = f"{form['first']}{form['levels'][level]}{province}{admission_number}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of digits."""
    product = 10
    for digit in body:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)
