"""What changes at agencies in a year: a county renamed, a vehicle checked anew, a department with another head."""

from __future__ import annotations

from datetime import timedelta

from zikao.foundation.clock import local_day
from zikao.stages.agencies import commands
from zikao.stages.agencies.models import Facility, RecordDepartment
from zikao.stages.agencies.states import FacilityKind
from zikao.world.calendar import SCORES_CORRECTED as AT
from zikao.world.life.context import COUNTIES, Life


def change_registers(life: Life) -> None:
    """One of each; what was stays to be read on the pages."""
    head, day = life.who("head", AT), local_day(AT)
    county, place = COUNTIES[life.areas[-1]][-1]
    commands.rename_agency(
        code=county, name=f"{place}教育考试中心", document_number=f"编〔2027〕{life.root}3号", by=head, at=AT
    )
    vehicle = Facility.objects.filter(kind=FacilityKind.VEHICLE).earliest("id")
    commands.renew_facility(
        facility_id=vehicle.pk, cameras=vehicle.cameras + 2, has_positioning=True, certificate_number="检〔2027〕1号",
        valid_from=day, valid_until=day + timedelta(days=365), evidence="年检合格证明".encode(),
        evidence_type="text/plain", by=life.who("exam-affairs", AT), at=AT,
    )  # fmt: skip
    department = RecordDepartment.objects.earliest("id")
    commands.change_record_department(
        department_id=department.pk, name=department.name, head="方静", equipment=department.equipment,
        document_number=f"考任〔2027〕{life.root}1号", by=life.who("records-head", AT), at=AT,
    )  # fmt: skip
