"""The shapes of what is filled in about exam staff; the law is asked by the commands."""

from zikao.stages.personnel.forms.duties import (
    ChiefForm,
    DeclarationForm,
    DispatchForm,
    DoneForm,
    DutyForm,
    FlagForm,
    HandOverForm,
    KinForm,
    LotForm,
    ReasonForm,
    RosterForm,
    SittingForm,
    StaffKinForm,
)
from zikao.stages.personnel.forms.pay import (
    ConductForm,
    CorrectionForm,
    RateForm,
    VoucherForm,
    conduct_arguments,
)
from zikao.stages.personnel.forms.people import (
    AccountForm,
    CertificateForm,
    ConditionsForm,
    EndPostForm,
    ImportForm,
    PersonForm,
    PostForm,
)
from zikao.stages.personnel.forms.rows import (
    SAMPLE,
    parse_staff_csv,
)
from zikao.stages.personnel.forms.training import (
    AttendanceForm,
    CertifyCourseForm,
    CourseForm,
    EnrolForm,
    ScoresForm,
)

__all__ = [
    "SAMPLE",
    "AccountForm",
    "AttendanceForm",
    "CertificateForm",
    "CertifyCourseForm",
    "ChiefForm",
    "ConditionsForm",
    "ConductForm",
    "CorrectionForm",
    "CourseForm",
    "DeclarationForm",
    "DispatchForm",
    "DoneForm",
    "DutyForm",
    "EndPostForm",
    "EnrolForm",
    "FlagForm",
    "HandOverForm",
    "ImportForm",
    "KinForm",
    "LotForm",
    "PersonForm",
    "PostForm",
    "RateForm",
    "ReasonForm",
    "RosterForm",
    "ScoresForm",
    "SittingForm",
    "StaffKinForm",
    "VoucherForm",
    "conduct_arguments",
    "parse_staff_csv",
]
