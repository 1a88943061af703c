"""The law of graduation: the plan fulfilled, the materials complete, the date and number of the certificate."""

from zikao.stages.graduation.rules.audit import AUDIT
from zikao.stages.graduation.rules.certificate import CERTIFICATE_NUMBER, HANDING_OUT, ISSUE_DATE, MATERIALS

__all__ = ["AUDIT", "CERTIFICATE_NUMBER", "HANDING_OUT", "ISSUE_DATE", "MATERIALS"]
