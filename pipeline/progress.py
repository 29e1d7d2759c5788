"""How a run tells a person how far it is. Stages report to a `Progress`; what it does with that is the console's."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Every method is cheap and never fails."""

    def over(self, title: str, items: Sequence[T]) -> Iterable[T]:
        """The items one by one, under a title, with how many are done."""

    def stage(self, title: str, total: int) -> None:
        """A stage of `total` steps begins; the one before it is over."""

    def step(self, done: str = "") -> None:
        """One step of the stage is done; `done` names it."""

    def extra(self, count: int, unit: str) -> None:
        """`count` more of `unit` done inside a step (pages of OCR)."""


class Silent:
    """Says nothing."""

    def over(self, title: str, items: Sequence[T]) -> Iterator[T]:
        yield from items

    def stage(self, title: str, total: int) -> None: ...

    def step(self, done: str = "") -> None: ...

    def extra(self, count: int, unit: str) -> None: ...
