"""How what is set for regions survives when they regroup."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace

from fake_engine import found
from hypothesis import given
from hypothesis import strategies as st

from frih_plugin.protocol.messages import RegionStrength
from frih_plugin.state.region_settings import (
    OUTSIDE,
    carry_over_by_color,
    carry_over_by_pixels,
    fresh_views,
    region_strengths,
)
from frih_plugin.state.values import RegionMap, RegionView

SIDE = 256


def region_map(labels: bytes, **settings: RegionView) -> RegionMap:
    indices = sorted(set(labels) - {OUTSIDE})
    return RegionMap(labels, tuple(settings.get(f"r{i}", view(i)) for i in indices))


def view(index: int, *, on: bool = True, strength: float = 1.0) -> RegionView:
    return RegionView(index, (10 * index, 100, 200), 0.1, on, strength)


def test_region_takes_the_settings_of_the_one_it_covers_most() -> None:
    old = region_map(bytes([0, 0, 0, 1, 1, 2]), r1=view(1, on=False), r2=view(2, strength=0.3))
    new = region_map(bytes([0, 0, 1, 1, 1, 2]))
    carried = carry_over_by_pixels(old, new)
    assert carried == region_map(new.labels, r1=view(1, on=False), r2=view(2, strength=0.3))


def test_split_region_hands_its_settings_to_all_parts() -> None:
    old = region_map(bytes([0] * 6), r0=view(0, strength=0.5))
    carried = carry_over_by_pixels(old, region_map(bytes([0, 0, 1, 1, 2, 2])))
    assert [region.strength for region in carried.regions] == [0.5, 0.5, 0.5]


def test_pixels_outside_have_no_say() -> None:
    old = region_map(bytes([OUTSIDE] * 5 + [0]), r0=view(0, on=False))
    carried = carry_over_by_pixels(old, region_map(bytes([0] * 6)))
    assert not carried.regions[0].on


def test_region_without_a_forerunner_is_on() -> None:
    old = region_map(bytes([OUTSIDE, OUTSIDE, 0, 0]), r0=view(0, on=False))
    carried = carry_over_by_pixels(old, region_map(bytes([1, 1, 0, 0])))
    assert [region.on for region in carried.regions] == [False, True]


def test_of_two_equal_shares_the_smaller_number_counts() -> None:
    old = region_map(bytes([2, 1]), r1=view(1, strength=0.1), r2=view(2, strength=0.2))
    carried = carry_over_by_pixels(old, region_map(bytes([0, 0])))
    assert carried.regions[0].strength == 0.1


labels = st.lists(st.sampled_from([0, 1, 2, 3, 9, 14, OUTSIDE]), min_size=60, max_size=60).map(
    bytes
)


@given(old=labels, new=labels, seed=st.integers(0, 99))
def test_carrying_over_agrees_with_plain_counting(old: bytes, new: bytes, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - strengths of a test
    plain = region_map(old)
    settings = {region.index: rng.random() for region in plain.regions}
    before = RegionMap(
        old, tuple(replace(region, strength=settings[region.index]) for region in plain.regions)
    )
    for region in carry_over_by_pixels(before, region_map(new)).regions:
        covered = Counter(
            o for o, n in zip(old, new, strict=True) if n == region.index and o != OUTSIDE
        )
        most = max(covered.values(), default=0)
        possible = {settings[label] for label, count in covered.items() if count == most}
        assert region.strength in (possible or {1.0})


def test_carrying_over_a_whole_map_takes_less_than_10_ms() -> None:
    rng = random.Random(1)  # noqa: S311 - labels of a test
    old = bytes(rng.choices(range(10), k=SIDE * SIDE))
    new = bytes(rng.choices([*range(10), OUTSIDE], k=SIDE * SIDE))
    before = region_map(old, r3=view(3, on=False))
    after = region_map(new)
    best = min(_seconds(before, after) for _ in range(7))
    assert best < 0.010


def _seconds(before: RegionMap, after: RegionMap) -> float:
    began = time.thread_time()
    carry_over_by_pixels(before, after)
    return time.thread_time() - began


def test_stored_settings_find_their_regions_by_colour() -> None:
    stored = (view(-1, on=False), replace(view(-1, strength=0.2), color=(100, 100, 200)))
    near = replace(view(0), color=(97, 101, 200))
    far = replace(view(1), color=(200, 0, 0))
    carried = carry_over_by_color(stored, RegionMap(b"", (near, far)), cutoff_distance=0.1)
    assert carried.regions == (replace(near, strength=0.2), far)


def test_engine_is_told_only_what_is_not_full() -> None:
    regions = (view(0), view(1, strength=0.5), view(2, on=False, strength=0.7))
    assert region_strengths(regions) == (RegionStrength(1, 0.5), RegionStrength(2, 0.0))


def test_shares_are_of_the_object() -> None:
    views = fresh_views(found(bytes([0, 0, 0, 1] + [OUTSIDE] * 4) * 8192).regions)
    assert [view.share for view in views] == [0.75, 0.25]
    assert views[1].color == (10, 100, 200)
