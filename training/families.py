"""Every family of recolouring by the name that SynthesisConfig.shares calls it."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from training.draws import Draws
from training.recolor import color_table, gain_offset_gamma, grade, split_tone, tone_curve
from training.relight import colored_light, expose, relight, veil, white_balance
from training.transfer import match_covariance, match_statistics

Family = Callable[[Tensor, Tensor, Draws], Tensor]

FAMILIES: dict[str, Family] = {
    "relight": relight,
    "expose": expose,
    "white_balance": white_balance,
    "grade": grade,
    "gain_offset_gamma": gain_offset_gamma,
    "tone_curve": tone_curve,
    "color_table": color_table,
    "split_tone": split_tone,
    "veil": veil,
    "colored_light": colored_light,
    "match_statistics": match_statistics,
    "match_covariance": match_covariance,
}

TRANSFERS = frozenset({"match_statistics", "match_covariance"})
"""Families that move to another foreground's palette; scaling them up would invent colours."""
