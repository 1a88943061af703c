"""Joins what the nodes counted into one verdict: every account holds, and the centre has what the provinces sent."""

from __future__ import annotations

from typing import Any

from zikao.world.demo.summary import NAMES


def judge(
    answers: dict[str, Any], refused: dict[str, dict[str, int]], facts: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """The summary that is kept and told; `holds` says whether all of it adds up."""
    accounts: dict[str, list[dict[str, Any]]] = {code: answer["accounts"] for code, answer in answers.items()}
    figures = {code: answer["figures"] for code, answer in answers.items() if code != "national"}
    accounts["national"] += _registered(answers["national"]["figures"], figures)
    misread = sum(each.get("misread", 0) for each in refused.values())
    accounts["national"].append(_line("两次识读一致而读错的题", misread, 0, "应为 0"))
    return {
        "accounts": accounts,
        "figures": figures,
        "notes": _notes(refused, seconds),
        "visitors": _visitors(facts),
        "holds": all(line["holds"] for lines in accounts.values() for line in lines),
        "seconds": round(seconds, 1),
    }


def _visitors(facts: dict[str, Any]) -> list[list[str]]:
    """Candidates whose pages are worth a look: node, who they are, admission number."""
    known = (
        ("province:32", "考生（已毕业）", "graduate_32"),
        ("province:32", "考生（已转出）", "mover_at_origin"),
        ("province:33", "考生（已毕业）", "graduate_33"),
        ("province:33", "考生（转入）", "mover_at_destination"),
    )
    return [[code, who, facts[fact]] for code, who, fact in known if fact in facts]


def _line(what: str, left: int, right: int, parts: str) -> dict[str, Any]:
    return {"what": what, "left": left, "right": right, "parts": parts, "holds": left == right}


def _registered(at_centre: dict[str, int], figures: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    lines = []
    for code, each in figures.items():
        registered, issued = at_centre.get(code.partition(":")[2], 0), each["毕业证书"]
        lines.append(_line(f"全国已注册证书（{NAMES[code]}）", registered, issued, f"省级毕业证书 {issued:,}"))
    return lines


def _notes(refused: dict[str, dict[str, int]], seconds: float) -> list[str]:
    names = ("cards", "doubts", "set_aside", "marks", "refused_graduations")
    told = {name: sum(each.get(name, 0) for each in refused.values()) for name in names}
    return [
        f"扫描答题卡 {told['cards']:,} 张，人工裁定存疑 {told['doubts']:,} 处、搁置卡 {told['set_aside']:,} 张，"
        f"评卷 {told['marks']:,} 人次。",
        "每省报名时按规定拒绝 5 人（停考期内、身份证号有误、出生日期有误、照片不合格、未出示报考条件的证明），"
        f"毕业申请拒绝 {told['refused_graduations']} 人（计划未完成）。",
        f"走完整个周期用时 {seconds:.0f} 秒。",
    ]
