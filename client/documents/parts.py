"""What an HTML text consists of before its sections are known.

Must never: give an item of a list a number that its author did not.
"""

from __future__ import annotations

from dataclasses import dataclass

from client.documents.blocks import Item, Items, Note, Rule, Words

_NOTHING = Words("\u00a0", "")


@dataclass(frozen=True, slots=True)
class Title:
    """What stands between <h1> and </h6>."""

    text: str


@dataclass(frozen=True, slots=True)
class Dictated:
    """A preformatted text: its lines as they were."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of a table: its parts, and how many columns and rows it covers."""

    parts: list[Part]
    header: bool
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table, of data or only for layout."""

    rows: list[list[Field]]


Part = Words | Title | Dictated | Items | Table | Rule | Note


def list_of(start: int | None, items: list[tuple[int | None, list[Part]]]) -> list[Part]:
    """Return a list; what no list can hold stands between two parts of it, and the numbers go on."""
    found: list[Part] = []
    held: list[Item] = []
    first = number = start

    def close() -> None:
        if held:
            found.append(Items(first, tuple(held)))
            held.clear()

    for value, parts in items:
        if number is not None and value is not None and value != number:
            close()
            number = value
        if not held:
            first = number
        end = next((at for at, part in enumerate(parts) if not isinstance(part, Words | Items)), len(parts))
        own = tuple(part for part in parts[:end] if isinstance(part, Words | Items))
        if number is not None and (not own or isinstance(own[0], Items)):
            own = (_NOTHING, *own)  # or the viewer would pass its number over
        if own:
            held.append(Item(own))
        if end < len(parts):
            close()
            found.extend(parts[end:])
        number = None if number is None else number + 1
    close()
    return found
