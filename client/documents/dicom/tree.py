"""The content of a structured report or key object selection as a text (PS3.3 C.17.3, C.18).

Containers are headings, their texts paragraphs; what stands under a value (what it was inferred from, its
properties) is a list under it. Must never: drop an item, known or not, or change the order of any.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset

from client.documents.blocks import Block, Heading, Item, Items, Note, Paragraph, Words, words
from client.documents.codes import named, role_of_code
from client.documents.dicom.dataset import Texts, sequence
from client.documents.dicom.references import References
from client.documents.dicom.values import Values, label
from client.documents.document import SectionRole
from client.documents.prose import read_prose
from client.documents.runs import join
from client.model.imaging import ImageReference

_DEEPEST = 40  # items within each other
_MOST = 5000  # items
_SHORT = 200  # characters that stand beside their label; longer ones stand under it
_TOO_DEEP = "What follows here is nested too deeply to be shown. See it at the portal."
_TOO_MANY = "This document has more items than can be shown here; the rest is left out. See it at the portal."
_RELATIONS = {
    "INFERRED FROM": "inferred from",
    "SELECTED FROM": "selected from",
    "HAS CONCEPT MOD": "",
    "HAS OBS CONTEXT": "",
    "HAS ACQ CONTEXT": "",
    "HAS PROPERTIES": "",
    "CONTAINS": "",
}


class Tree:
    """Reads one document's content, top to bottom."""

    def __init__(self, dataset: Dataset, texts: Texts) -> None:
        self._root = dataset
        self._texts = texts
        self._references = References(dataset, texts)
        self._values = Values(texts, self._references)
        self._count = 0
        self._cut = False
        self._role: SectionRole | None = None
        self._heading = ""

    @property
    def references(self) -> tuple[ImageReference, ...]:
        """The images that the text's links open."""
        return self._references.found

    def read(self) -> list[Block]:
        """Return the document's blocks."""
        items = sequence(self._root, "ContentSequence")
        return self._contents(items, 0, self._is_continuous(self._root))

    def _contents(self, items: Sequence[Dataset], depth: int, continuous: bool) -> list[Block]:
        """Read the items of a container, in their order."""
        if depth > _DEEPEST:
            return [Note(_TOO_DEEP)]
        blocks: list[Block] = []
        run: list[Words] = []  # one sentence out of several items
        under: list[Block] = []  # what stands under any of them

        def close() -> None:
            if run:
                blocks.extend([Paragraph(join(run, " ", " ")), *under])
                run.clear()
                under.clear()

        for item in items:
            if self._cut:
                break
            if not self._counts():
                blocks.append(Note(_TOO_MANY))
                break
            kind = self._texts.line(item, "ValueType").upper()
            if kind == "CONTAINER":
                close()
                blocks.extend(self._container(item, depth))
            elif continuous and kind in ("TEXT", "CODE", "NUM", "PNAME", "DATE", "TIME", "DATETIME"):
                run.append(self._values.bare(item, kind))
                under.extend(self._under(item, depth))
            else:
                close()
                blocks.extend(self._leaf(item, kind, depth))
        close()
        return blocks

    def _container(self, item: Dataset, depth: int) -> list[Block]:
        code = self._texts.code(item, "ConceptNameCodeSequence")
        role = role_of_code(code)
        before = self._role
        if role is None and depth == 0:
            role = SectionRole.OTHER
        self._role = role or before
        self._heading = named(code) if role is not None else self._heading
        contents = self._contents(sequence(item, "ContentSequence"), depth + 1, self._is_continuous(item))
        relation = self._relation(item)
        title = named(code)
        if not title and not relation:
            # A container without a name only holds its contents together (PS3.3 C.17.3.2.1).
            return contents
        if role is not None and not contents:
            contents = [Paragraph(words("(empty)"))]
        return [Heading(": ".join(filter(None, (relation, title))), role), *contents]

    def _leaf(self, item: Dataset, kind: str, depth: int) -> list[Block]:
        """Return a value as paragraphs, what stands under it as a list."""
        code = self._texts.code(item, "ConceptNameCodeSequence")
        role = role_of_code(code)
        if kind != "TEXT":
            return [Paragraph(self._said(item, kind)), *self._under(item, depth)]
        under = self._under(item, depth)
        text = self._texts.of(item, "TextValue")
        title = named(code)
        blocks: list[Block] = []
        if role is not None and role is not self._role and depth == 0:
            blocks.append(Heading(title, role))
            self._role, self._heading = role, title
        elif title and not self._repeats(title):
            if len(text) <= _SHORT and "\n" not in text:
                return [Paragraph(self._said(item, kind)), *under]
            blocks.append(Paragraph(label(title)))
        prose = read_prose(text, self._role)
        return [*blocks, *(prose or [Paragraph(words("(empty)"))]), *under]

    def _repeats(self, title: str) -> bool:
        """Say whether an item's name only repeats its section's: "Finding" under "Findings"."""
        return (
            title.casefold() == self._heading.casefold() or title.casefold() + "s" == self._heading.casefold()
        )

    def _under(self, item: Dataset, depth: int) -> list[Block]:
        found = self._list(sequence(item, "ContentSequence"), depth + 1)
        return [found] if found is not None else []

    def _list(self, items: Sequence[Dataset], depth: int) -> Items | None:
        """Read what stands under a value: each item a line, with a list of its own under it."""
        if not items:
            return None
        if depth > _DEEPEST:
            return Items(None, (Item((words(_TOO_DEEP),)),))
        lines: list[Item] = []
        for item in items:
            if self._cut:
                break
            if not self._counts():
                lines.append(Item((words(_TOO_MANY),)))
                break
            kind = self._texts.line(item, "ValueType").upper()
            said = self._said(item, kind)
            inner = self._list(sequence(item, "ContentSequence"), depth + 1)
            lines.append(Item((said, inner) if inner is not None else (said,)))
        return Items(None, tuple(lines))

    def _said(self, item: Dataset, kind: str) -> Words:
        """Return one line for an item: its relation, its name and its value."""
        target = self._texts.said(item.get("ReferencedContentItemIdentifier"))
        value = self._pointed(item) if target and not kind else self._values.labelled(item, kind)
        if relation := self._relation(item):
            return Words(f"<i>{words(relation).html}:</i> {value.html}", f"{relation}: {value.plain}")
        return value

    def _relation(self, item: Dataset) -> str:
        relation = self._texts.line(item, "RelationshipType").upper()
        return _RELATIONS.get(relation, relation.lower())

    def _pointed(self, item: Dataset) -> Words:
        """Return the name of the item that a by-reference relation points to (PS3.3 C.17.3.2.5)."""
        places = [
            part.strip() for part in self._texts.said(item.get("ReferencedContentItemIdentifier")).split(",")
        ]
        found: Dataset | None = self._root
        for place in places[1 : _DEEPEST + 1]:
            items = sequence(found, "ContentSequence") if found is not None else []
            found = items[int(place) - 1] if place.isdecimal() and 0 < int(place) <= len(items) else None
        path = ".".join(places)
        if found is None or found is self._root:
            return words(f"item {path} of this document")
        kind = self._texts.line(found, "ValueType").upper()
        value = self._values.labelled(found, kind)
        plain = value.plain if len(value.plain) <= _SHORT else f"{value.plain[:_SHORT]}…"
        return words(f"{plain} (item {path} of this document)")

    def _is_continuous(self, item: Dataset) -> bool:
        return self._texts.line(item, "ContinuityOfContent").upper() == "CONTINUOUS"

    def _counts(self) -> bool:
        self._count += 1
        self._cut = self._cut or self._count > _MOST
        return not self._cut
