"""Remember what was worked out, in this process only: nothing of it reaches a disk."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The newest `limit` answers, each worked out once. For answers that cannot change."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept: OrderedDict[Hashable, Value] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The answer under `key`; what raises is not remembered."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        value = make()
        with self.lock:
            self.kept[key] = value
            while len(self.kept) > self.limit:
                self.kept.popitem(last=False)
        return value

    def forget(self) -> None:
        with self.lock:
            self.kept.clear()
