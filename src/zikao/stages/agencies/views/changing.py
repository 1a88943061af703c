"""An agency renamed, given another code, merged, split, closed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, tell
from zikao.stages.agencies import commands, forms, queries
from zikao.stages.agencies.states import AgencyKind

tell(
    **{
        "agencies.agency-renamed": "机构更名",
        "agencies.agency-recoded": "机构改用代码",
        "agencies.agency-merged": "机构并入",
        "agencies.agency-split": "机构分设",
        "agencies.agency-closed": "撤销机构",
        "agencies.seat-marked": "标明地级人民政府所在地",
    }
)


def _agency(receipt: Any, **url: Any) -> str:
    return reverse("agencies:agency", args=[receipt.value.code if receipt else url["code"]])


def _about(actor: Actor, code: str) -> str:
    return str(queries.agency(actor, code))


def _parents(actor: Actor, code: str) -> dict[str, Any]:
    agency = queries.agency(actor, code)
    kinds = [AgencyKind(agency.parent.kind)] if agency.parent else []
    return {"parents": queries.agency_choices(actor, *kinds) if kinds else []}


def _others(actor: Actor, code: str) -> dict[str, Any]:
    agency = queries.agency(actor, code)
    found = queries.agency_choices(actor, AgencyKind(agency.kind))
    return {"others": [each for each in found if each[0] != agency.code]}


rename = action(
    commands.rename_agency, forms.RenameForm, title="机构更名", clause="EA-5.1", button="更名",
    what="自今天起使用新名称，原名称与起止日期留在沿革中。", done="已更名。", back=_agency,
    about=_about,
)  # fmt: skip
recode = action(
    commands.recode_agency, forms.RecodeForm, title="改用代码或划转", clause="EA-5.1", button="改用代码",
    what="自今天起使用新代码；岗位、考生、考点随之划转，原代码仍能查到本机构。还有下级机构的不能改。",
    done="已改用新代码，人员、考生和考点已划转。", back=_agency, form_options=_parents,
    about=_about,
)  # fmt: skip
merge = action(
    commands.merge_agency, forms.MergeForm, title="并入其他机构", clause="EA-5.1", button="并入", danger=True,
    what="本机构今天撤销；在岗人员改由承接机构任用，考生、考点划入承接机构。已归档的成绩和账本仍用当时的代码。",
    done="已并入承接机构，人员、考生和考点已划转。", back=_agency, form_options=_others,
    about=_about,
)  # fmt: skip
split = action(
    commands.split_agency, forms.SplitForm, title="分设机构", clause="EA-5.1", button="分设",
    what="在同一上级之下设立新机构。原机构撤销的，填写由哪一个承接全部人员、考生和考点。",
    done="已分设。", back=_agency,
    about=_about,
)  # fmt: skip
seat = action(
    commands.mark_seat, forms.SeatForm, title="标明地级人民政府所在地", clause="EA-24.1",
    what="考点应当设在地级人民政府所在地；所在地变更之后，在其他县区设考点须经省级批准。已验收的考点到有效期满为止。",
    done="已登记。", back=_agency,
    initial=lambda actor, code: {"is_seat": "yes" if queries.agency(actor, code).is_seat else "no"},
    about=_about,
)  # fmt: skip
close = action(
    commands.close_agency, forms.DocumentForm, title="撤销机构", clause="EA-5.1", button="撤销", danger=True,
    what="机构今天撤销，代码不再使用。还有人员、考生、考点或下级机构的，请办理并入。",
    done="机构已撤销。", back=_agency,
    about=_about,
)  # fmt: skip
