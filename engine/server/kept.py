"""Results that are kept for later, as many as fit: the one not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, of a total size that is never exceeded."""

    def __init__(self, most: int) -> None:
        """most: of the sizes of all values together."""
        self._most = most
        self._size = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, or None where it was never kept, or was given up."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def keep(self, key: K, value: V, size: int = 1) -> None:
        """Keep a value; others go until it fits. One too large for all is not kept."""
        if key in self._values:
            self._size -= self._values.pop(key)[1]
        if size > self._most:
            return
        self._values[key] = value, size
        self._size += size
        while self._size > self._most:
            _, (_, freed) = self._values.popitem(last=False)
            self._size -= freed

    def clear(self) -> None:
        """Give up everything."""
        self._values.clear()
        self._size = 0
