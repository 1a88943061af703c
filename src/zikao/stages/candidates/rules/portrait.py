"""Whether a portrait will do, over facts that were measured (see `candidates.portraits`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter


@dataclass(frozen=True)
class PortraitFacts:
    """A measured picture: pixels, kilobytes (rounded up), grey levels 0 to 255.

    `background` is the lightness of the two upper corners, `spread` the standard deviation of grey, `sharpness` the
    variance of the Laplacian; the largest of `faces` is `face_percent` of the picture's height. A file that is no
    picture has `readable` false and nothing else.
    """

    readable: bool
    width: int = 0
    height: int = 0
    size_kb: int = 0
    brightness: int = 0
    spread: int = 0
    background: int = 0
    sharpness: int = 0
    faces: int = 1
    face_percent: int = 40


PORTRAIT = Rule("candidates.portrait", title="考生图像的采集要求")


@PORTRAIT.version("EA-13.1", since=date(2020, 9, 27))
def _(*, portrait: PortraitFacts, on: date) -> Decision:
    if not portrait.readable:
        return decide("EA-13.1", False, "portrait-no-picture")
    limits = parameter("portrait-standard").on(on)
    big_enough = portrait.width >= limits["min_width"] and portrait.height >= limits["min_height"]
    ratio = 100 * portrait.width // max(portrait.height, 1)
    upright = limits["min_ratio"] <= ratio <= limits["max_ratio"]
    lit = limits["min_brightness"] <= portrait.brightness <= limits["max_brightness"]
    large = limits["min_face"] <= portrait.face_percent <= limits["max_face"]
    return all_of(
        decide("EA-13.1", portrait.size_kb <= limits["max_kb"], "portrait-too-heavy", **_of(portrait, limits)),
        decide("EA-13.1", big_enough, "portrait-too-small", **_of(portrait, limits)),
        decide("EA-13.1", upright, "portrait-not-upright", **_of(portrait, limits)),
        decide("EA-13.1", portrait.spread >= limits["min_spread"], "portrait-blank"),
        decide("EA-13.1", lit, "portrait-light", brightness=portrait.brightness),
        decide("EA-13.1", portrait.background >= limits["min_background"], "portrait-background"),
        decide("EA-13.1", portrait.faces > 0, "portrait-no-face"),
        decide("EA-13.1", portrait.faces <= 1, "portrait-many-faces", faces=portrait.faces),
        decide("EA-13.1", portrait.faces != 1 or large, "portrait-face-size", percent=portrait.face_percent, **limits),
        decide("EA-13.1", portrait.sharpness >= limits["min_sharpness"], "portrait-blurred"),
    )


def _of(portrait: PortraitFacts, limits: dict[str, int]) -> dict[str, object]:
    return {"width": portrait.width, "height": portrait.height, "size_kb": portrait.size_kb, **limits}
