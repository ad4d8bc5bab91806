"""Kept results never outgrow their bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.server.kept import Kept


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12))))
def test_the_sizes_of_what_is_kept_stay_below_the_bound(put: list[tuple[int, int]]) -> None:
    kept: Kept[int, int] = Kept(10)
    sizes: dict[int, int] = {}
    for key, size in put:
        kept.keep(key, size, size)
        sizes[key] = size
        assert sum(found for key in sizes if (found := kept.get(key)) is not None) <= 10


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1
    kept.keep("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    kept.clear()
    assert kept.get("a") is None
