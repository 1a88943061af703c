"""Departments of student records, their workers, and whether they are enough (SR-6, SR-7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Item,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind, EndReason

tell(
    **{
        "agencies.record-work-assigned": "确定是否承担考籍管理",
        "agencies.record-department-set-up": "设立考籍管理部门",
        "agencies.record-department-changed": "变更考籍管理部门",
        "agencies.record-department-ended": "撤销考籍管理部门",
        "agencies.record-staff-engaged": "登记考籍人员",
        "agencies.record-staff-trained": "登记考籍人员培训考核",
        "agencies.record-staff-left": "考籍人员离岗",
    }
)


@staff_page(posts=policies.AREA_VIEWERS)
def department_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The agencies that keep student records, with department and staff, and what is missing."""
    agencies = list(queries.record_agencies(actor))
    table = Table(
        agencies,
        (
            Column("code", "机构代码", "code", sortable=True),
            Column("name", "机构"),
            Column("kind", "承担考籍管理", value=_does_records),
            Column("department", "考籍管理部门", value=lambda a: str(queries.department_of(a) or "")),
            Column("staff", "专职人员", "number", value=_full_time),
            Column("state", "配备", "pill", value=_enough),
        ),
        link=lambda agency: reverse("agencies:record-agency", args=[agency.code]),
        order="code",
        empty="还没有机构。",
    )
    return table_page(
        request, title="考籍管理部门", table=table,
        intro="省级和承担考籍管理工作的地级机构设立考籍管理部门；省级按考试规模、地级至少一名专职人员。",
    )  # fmt: skip


def _does_records(agency: Agency) -> str:
    return "是" if agency.kind != AgencyKind.PREFECTURE or agency.does_records else "否"


def _full_time(agency: Agency) -> int:
    return sum(each.is_full_time for each in queries.staff_standing(queries.department_of(agency)))


def _enough(agency: Agency) -> Pill:
    decision = queries.record_work(agency, clock.today())
    return Pill("符合", "done") if decision.granted else Pill(f"{len(decision.refusals)} 项不足", "danger")


@staff_page(posts=policies.AREA_VIEWERS)
def record_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One agency's student-record department."""
    agency, today = queries.record_agency(actor, code), clock.today()
    department, decision = queries.department_of(agency), queries.record_work(agency, today)
    staff = queries.staff_standing(department)
    facts = {
        "部门": [
            Fact("考籍管理部门", str(department or "—"), clause="SR-6"),
            Fact("负责人", department.head if department else "—"),
            Fact("设立文号", department.document_number if department else "—", "code"),
            Fact("软硬件设备", department.equipment if department else "—", clause="SR-7"),
        ],
        "人员": [
            Fact("专职人员", sum(each.is_full_time for each in staff), "number", clause="SR-7"),
            Fact("兼职人员", sum(not each.is_full_time for each in staff), "number"),
            Fact("在籍考生", queries.on_record(agency), "number", note="按报名注册人数"),
            *([_stability(agency)] if department else []),
        ],
    }
    return object_page(
        request, kicker="考籍管理部门", title=agency.name, pill=_enough(agency), facts=facts,
        steps=[Step("设立部门", "past" if department else "present"),
               Step("配备人员", "present" if department else "future")],
        actions=_actions(agency), history=f"agencies.recorddepartment:{department.pk if department else 0}",
        back=Link("考籍管理部门", reverse("agencies:record-departments")), extra_template="agencies/_records.html",
        context={"missing": decision.refusals, "staff": staff, "department": department,
                 "may_keep": actor.post in policies.RECORD_REGISTRARS},
    )  # fmt: skip


def _stability(agency: Agency) -> Fact:
    department = queries.department_of(agency)
    assert department is not None
    counts = queries.turnover(department, clock.today())
    said = f"一年前 {counts['then']} 人，其中 {counts['left']} 人已离岗" if counts["then"] else "不足一年"
    return Fact(
        "人员稳定", said, clause="SR-7", note="比例超过提醒线" if queries.unstable(counts, clock.today()) else ""
    )


def _actions(agency: Agency) -> list[Action]:
    department = queries.department_of(agency)
    there, lacking = department is not None, "还没有设立考籍管理部门。"
    here = {"department_id": department.pk if department else 0}
    return [
        Action("确定是否承担考籍管理", "agencies:assign-record-work", {"agency_code": agency.code},
               "承担的地级机构须设部门、配专职人员。", clause="SR-6")
        .open_if(agency.kind == AgencyKind.PREFECTURE, "省级必须承担考籍管理。", "SR-6")
        .open_if(not there or not agency.does_records, "已经设有考籍管理部门；不再承担的，先撤销部门。", "SR-6"),
        Action("设立考籍管理部门", "agencies:set-up-record-department", {"agency_code": agency.code},
               "登记部门、负责人和软硬件设备。", clause="SR-6").open_if(not there, "已经设有考籍管理部门。", "SR-6"),
        Action("登记考籍人员", "agencies:engage-record-staff", here,
               "登记专职或兼职人员。", clause="SR-7").open_if(there, lacking, "SR-6"),
        Action("变更部门登记", "agencies:change-record-department", here, "更名、换负责人或软硬件设备。", clause="SR-7")
        .open_if(there, lacking, "SR-6"),
        Action("撤销考籍管理部门", "agencies:end-record-department", here, "人员都已离岗的，今天撤销。", clause="SR-6",
               danger=True).open_if(there, lacking, "SR-6"),
    ]  # fmt: skip


def _back(receipt: object, department_id: int, **more: int) -> str:
    return reverse("agencies:record-agency", args=[queries.agency_of_department(department_id)])


assign = action(
    commands.assign_record_work, forms.RecordWorkForm, title="确定是否承担考籍管理", clause="SR-6",
    what="承担考籍管理工作的地级机构应当设立考籍管理部门，至少配备一名专职人员。", done="已登记。",
    back=lambda receipt, agency_code: reverse("agencies:record-agency", args=[agency_code]),
    about=lambda actor, agency_code: str(queries.record_agency(actor, agency_code)),
)  # fmt: skip
set_up = action(
    commands.set_up_record_department, forms.RecordDepartmentForm, title="设立考籍管理部门", clause="SR-6",
    what="登记考籍管理部门、负责人和软硬件设备。", done="考籍管理部门已登记。",
    back=lambda receipt, agency_code: reverse("agencies:record-agency", args=[agency_code]),
    about=lambda actor, agency_code: str(queries.record_agency(actor, agency_code)),
)  # fmt: skip


def _about(actor: Actor, department_id: int) -> str:
    found = queries.record_department(actor, department_id)
    return f"{found.agency.name} {found.name}"


def _about_staff(actor: Actor, department_id: int, staff_id: int) -> str:
    named = queries.record_department(actor, department_id).staff.filter(pk=staff_id).first()
    return f"{_about(actor, department_id)} {named.name if named else ''}"


def _department_now(actor: Actor, department_id: int) -> dict[str, object]:
    found = queries.record_department(actor, department_id)
    return {name: getattr(found, name) for name in ("name", "head", "equipment", "document_number")}


change = action(
    commands.change_record_department, forms.RecordDepartmentForm, title="变更部门登记", clause="SR-7",
    what="登记现在的名称、负责人、软硬件设备和文号；原登记留在办理记录中。", done="部门登记已变更。", back=_back,
    initial=_department_now,
    about=_about,
)  # fmt: skip
end = action(
    commands.end_record_department, forms.DocumentForm, title="撤销考籍管理部门", clause="SR-6", danger=True,
    button="撤销", what="部门今天撤销，登记保留。必须设立部门的机构会提醒补设。", done="考籍管理部门已撤销。",
    back=_back,
    about=_about,
)  # fmt: skip
engage = action(
    commands.engage_record_staff, forms.RecordStaffForm, title="登记考籍人员", clause="SR-7",
    what="登记一名考籍管理工作人员。", done="已登记，请登记培训和考核。", back=_back,
    about=_about,
)  # fmt: skip
train = action(
    commands.record_staff_training, forms.RecordTrainingForm, title="登记培训考核", clause="SR-7",
    what="登记最近一次培训的日期和考核结论。", done="培训考核已登记。", back=_back,
    about=_about_staff,
)  # fmt: skip
leave = action(
    commands.end_record_staff, forms.RecordLeavingForm, title="登记离岗", clause="SR-7", danger=True,
    what="该人员今天离岗；人员应当保持相对稳定，离岗比例会显示。", done="离岗已登记。", back=_back,
    arguments=lambda data: {"reason": EndReason(data["reason"])},
    about=_about_staff,
)  # fmt: skip


@waits_for({Post.RECORDS_HEAD, Post.PROVINCE_HEAD}, "考籍管理部门或人员不足", "SR-7", stage="agencies")
def short_of_staff(actor: Actor) -> Waiting:
    """Agencies whose department or staff is not as the law asks."""
    today = clock.today()
    lacking = [each for each in queries.record_agencies(actor) if not queries.record_work(each, today).granted]
    items = tuple(Item(each.name, reverse("agencies:record-agency", args=[each.code])) for each in lacking[:5])
    return Waiting(len(lacking), url=reverse("agencies:record-departments"), items=items)
