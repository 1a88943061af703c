"""The simulated scanner: printed cards become filled, turned, noisy scans, and bad ones too."""

from zikao.world.scans.blank import printed_blank
from zikao.world.scans.habits import CAREFUL, CARELESS, USUAL, Habits
from zikao.world.scans.scanner import Filled, Flaws, Scanner

__all__ = ["CAREFUL", "CARELESS", "USUAL", "Filled", "Flaws", "Habits", "Scanner", "printed_blank"]
