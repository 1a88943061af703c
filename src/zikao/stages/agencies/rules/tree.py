"""The codes of the tree, the root that fits the node, when an agency may close, and into whom it may be merged."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide

IN_FORCE = date(2020, 9, 27)
CODE_LENGTHS = {"province": 2, "military": 2, "prefecture": 4, "county": 6}

AGENCY_CODE = Rule("agencies.agency-code", title="机构代码按隶属关系编排")
NODE_ROOT = Rule("agencies.node-root", title="节点的最高机构与节点类别相符")
CLOSING = Rule("agencies.closing", title="撤销机构的条件")
SUCCESSOR = Rule("agencies.successor", title="承接机构的条件")
RECORDS_IN_CHARGE = Rule[str]("agencies.records-in-charge", title="负责考籍管理的机构")
INVENTORY = Rule("agencies.inventory", title="考试信息全部列入清单")


@AGENCY_CODE.version("EA-5.1", since=IN_FORCE)
def _(*, code: str, kind: str, parent_code: str) -> Decision:
    length = CODE_LENGTHS.get(kind)
    fits = length is None or (len(code) == length and code.isascii() and code.isdigit())
    return all_of(
        decide("EA-5.1", fits, "agency-code-shape", code=code, length=length),
        decide("EA-5.1", code.startswith(parent_code), "agency-code-outside", code=code, parent=parent_code),
    )


@NODE_ROOT.version("EA-5.1", since=IN_FORCE)
def _(*, kind: str, node_kind: str) -> Decision:
    military = node_kind == "military"
    return all_of(
        decide("EA-5.1", kind != "military" or military, "military-root-elsewhere"),
        decide("EA-5.1", kind != "province" or not military, "province-root-on-military-node"),
    )


@CLOSING.version("EA-5.1", since=IN_FORCE)
def _(*, children: int, sites: int, rounds: tuple[str, ...], people: int, has_successor: bool) -> Decision:
    return all_of(
        decide("EA-5.1", children == 0, "agency-has-children", count=children),
        decide("EA-5.1", has_successor or sites == 0, "agency-has-sites", count=sites),
        decide("EA-5.1", has_successor or not rounds, "agency-has-rounds", rounds=rounds),
        decide("EA-5.1", has_successor or people == 0, "agency-has-people", count=people),
    )


@SUCCESSOR.version("EA-5.1", since=IN_FORCE)
def _(*, same_kind: bool, is_open: bool, is_itself: bool) -> Decision:
    return all_of(
        decide("EA-5.1", not is_itself, "successor-is-itself"),
        decide("EA-5.1", is_open, "successor-closed"),
        decide("EA-5.1", same_kind, "successor-of-another-kind"),
    )


@RECORDS_IN_CHARGE.version("SR-3", since=IN_FORCE)
def _(*, node_kind: str) -> str:
    """Who answers for student records on a node: the centre, the province, the military office."""
    return {"national": "教育部考试中心", "military": "军队考委办公室"}.get(node_kind, "省级教育考试机构")


@INVENTORY.version("EA-45", since=IN_FORCE)
def _(*, missing: tuple[str, ...]) -> Decision:
    return decide("EA-45", not missing, "inventory-lacks", missing=missing)
