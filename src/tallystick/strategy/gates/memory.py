"""What several texts have in common, worked out once.

A search for mends puts hundreds of texts to the same draws, and most of them share their stages, or their
rights, or their bodies with others. A part is remembered under a key that names everything it depends on but
the draws and the profiles; so one memory belongs to one set of draws, one set of profiles and one proposer.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Part = TypeVar("Part")


class Memory:
    """Parts by name and key; of more than ``most`` the one that was not asked for longest is dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: OrderedDict[Hashable, object] = OrderedDict()

    def part(self, name: str, key: Hashable, make: Callable[[], Part]) -> Part:
        """The part of that name and key, made where it is not remembered. Nobody may change it."""
        known = (name, key)
        if known not in self._parts:
            self._parts[known] = make()
        self._parts.move_to_end(known)
        found = cast(Part, self._parts[known])
        while len(self._parts) > self._most:
            self._parts.popitem(last=False)
        return found


#: Remembers nothing.
NOTHING = Memory(0)
