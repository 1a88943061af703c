"""The provinces as people say them, and the nodes of the nation."""

from __future__ import annotations

CENTRE_NAME = "教育部考试中心"
PROVINCES: dict[str, str] = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
}  # fmt: skip
"""The short names of the provinces by their codes (GB/T 2260)."""


def province_name(code: str) -> str:
    """A province as people say it; its code where it has no name here."""
    return PROVINCES.get(code, code)


def node_title(node: str) -> str:
    """Whose node it is: "province:32" -> "江苏", "national" -> "教育部考试中心"; other names as they are."""
    kind, _, code = node.partition(":")
    return CENTRE_NAME if kind == "national" else province_name(code) if kind == "province" else node
