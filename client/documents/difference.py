"""What changed between two versions of a report, word by word: the impression first, telling words in front.

Sections are held against their like, within them sentences, within changed sentences words; so a report of
five pages costs a fraction of one comparison of all its words, and what moved stays one piece.

Owns: the comparison. Must never: call two versions the same whose words differ, or pass over in silence a
document whose words are not known here. Spaces and the breaking of lines are no difference.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum

from client.documents.document import Document, DocumentKind, SectionRole
from client.documents.headings import normalise
from client.documents.telling import Kind, Point, Token, cut, is_word, points

__all__ = ["Change", "Difference", "Kind", "Part", "Point", "Run", "compare"]

_ALIKE = 0.4  # below this share of common words a sentence was written anew: old and new, not a patchwork
_MANY = 2_000  # pieces from which the commonest are no ground to compare by, or it would take minutes
_MOST = 20_000  # words; beyond, a changed stretch is old and new as a whole
_GLUE = 3  # letters of a word that, alone between two changes, is no ground to tell them apart


class Change(Enum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words with one fate; line ends are kept."""

    change: Change
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of both versions; a section that only one of them has is ADDED or REMOVED as a whole."""

    role: SectionRole | None  # None for what stands before the first heading
    heading: str = field(repr=False)
    change: Change
    runs: tuple[Run, ...]
    points: tuple[Point, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in it is different."""
        return any(run.change is not Change.SAME for run in self.runs) or self.change is not Change.SAME


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed; the impression stands first, the other parts in the order of the later version."""

    parts: tuple[Part, ...]
    added: int  # words
    removed: int
    uncompared: tuple[str, ...] = field(repr=False)  # titles of documents whose words are not known here

    @property
    def same(self) -> bool:
        """Whether all words that are known are the same."""
        return not any(part.changed for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Section:
    role: SectionRole | None
    heading: str
    text: str


def compare(before: Sequence[Document], after: Sequence[Document]) -> Difference:
    """Return what changed from one version's documents to another's; never raises."""
    old, new = _sections(before), _sections(after)
    pairs = _pairs(old, new)
    if old and new and not any(a is not None and b is not None for a, b in pairs):
        # No heading in common: one of them has none, and the words may be the same all the same.
        old, new = [_joined(old)], [_joined(new)]
        pairs = [(0, 0)]
    parts = [_part(None if a is None else old[a], None if b is None else new[b]) for a, b in pairs]
    parts.sort(key=lambda part: part.role is not SectionRole.IMPRESSION)
    titles = (each.title for each in (*before, *after) if each.kind is not DocumentKind.TEXT)
    return Difference(
        tuple(parts),
        _count(parts, Change.ADDED),
        _count(parts, Change.REMOVED),
        tuple(dict.fromkeys(titles)),
    )


def _sections(documents: Sequence[Document]) -> list[_Section]:
    """Return the sections of all texts; their plain words have an empty line before each heading."""
    found: list[_Section] = []
    for document in documents:
        if document.kind is not DocumentKind.TEXT:
            continue
        role: SectionRole | None = None
        heading = ""
        lines: list[str] = []
        waiting = list(document.sections)
        blank = True
        for line in document.plain.split("\n"):
            if waiting and blank and line == waiting[0].heading:
                if heading or any(map(str.strip, lines)):
                    found.append(_Section(role, heading, "\n".join(lines).strip()))
                section = waiting.pop(0)
                role, heading, lines = section.role, section.heading, []
            else:
                lines.append(line)
            blank = not line.strip()
        if heading or any(map(str.strip, lines)):
            found.append(_Section(role, heading, "\n".join(lines).strip()))
    return found


def _joined(sections: Sequence[_Section]) -> _Section:
    return _Section(None, "", "\n".join(filter(None, (w for s in sections for w in (s.heading, s.text)))))


def _pairs(old: Sequence[_Section], new: Sequence[_Section]) -> list[tuple[int | None, int | None]]:
    """Return which section became which, in the order of `new`; one that is gone stands where it stood."""
    free = dict.fromkeys(range(len(old)))
    partner: dict[int, int] = {}
    for same in (_by_heading, _by_role):
        for at, section in enumerate(new):
            if at not in partner:
                found = next((each for each in free if same(old[each], section)), None)
                if found is not None:
                    partner[at] = found
                    del free[found]
    pairs: list[tuple[int | None, int | None]] = []
    for at in range(len(new)):
        mine = partner.get(at)
        pairs.extend((gone, None) for gone in list(free) if mine is not None and gone < mine)
        for gone, _ in pairs:
            if gone is not None:
                free.pop(gone, None)
        pairs.append((mine, at))
    pairs.extend((gone, None) for gone in free)
    return pairs


def _by_heading(one: _Section, other: _Section) -> bool:
    return one.role is other.role and normalise(one.heading) == normalise(other.heading)


def _by_role(one: _Section, other: _Section) -> bool:
    return one.role is other.role and one.role not in (SectionRole.OTHER, SectionRole.ADDENDUM)


def _part(old: _Section | None, new: _Section | None) -> Part:
    section = new or old
    if section is None:
        raise AssertionError("a pair of nothing")
    change = Change.SAME if old and new else Change.ADDED if new else Change.REMOVED
    runs: list[Run] = []
    told: list[Point] = []
    steps = list(_steps(cut(old.text) if old else [], cut(new.text) if new else []))
    for at, (gone, come, kept) in enumerate(steps):
        if gone or come:
            follows = steps[at + 1][2][:3] if at + 1 < len(steps) else ()
            told.extend(points(gone, come, follows))
        for fate, tokens in ((Change.REMOVED, gone), (Change.ADDED, come), (Change.SAME, kept)):
            if tokens:
                runs.append(Run(fate, "".join(token.lead + token.text for token in tokens)))
    return Part(section.role, section.heading, change, tuple(runs), tuple(told))


_Step = tuple[Sequence[Token], Sequence[Token], Sequence[Token]]  # taken out, put in, kept (as it is now)


def _steps(old: list[Token], new: list[Token]) -> Iterator[_Step]:
    """Yield what happened to the words, in order: in each step either a change or what was kept."""
    before, after = _sentences(old), _sentences(new)
    keys = [[tuple(token.key for token in sentence) for sentence in side] for side in (before, after)]
    for tag, a, b, c, d in _matcher(keys[0], keys[1]).get_opcodes():
        gone = [token for sentence in before[a:b] for token in sentence]
        come = [token for sentence in after[c:d] for token in sentence]
        if tag == "equal":
            yield (), (), come
        elif tag == "replace":
            yield from _words(gone, come)
        else:
            yield gone, come, ()


def _sentences(tokens: list[Token]) -> list[list[Token]]:
    sentences: list[list[Token]] = []
    fresh = True
    for token in tokens:
        if fresh or "\n" in token.lead:
            sentences.append([])
        sentences[-1].append(token)
        fresh = token.text in ".!?;"
    return sentences


def _words(gone: list[Token], come: list[Token]) -> Iterator[_Step]:
    matcher = _matcher([token.key for token in gone], [token.key for token in come])
    if max(len(gone), len(come)) > _MOST or matcher.ratio() < _ALIKE:
        yield gone, come, ()
        return
    pending: tuple[list[Token], list[Token]] = ([], [])
    codes = matcher.get_opcodes()
    for at, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            if 0 < at < len(codes) - 1 and _is_glue(come[c:d]):
                pending[0].extend(gone[a:b])
                pending[1].extend(come[c:d])
                continue
            if any(pending):
                yield pending[0], pending[1], ()
                pending = ([], [])
            yield (), (), come[c:d]
        else:
            pending[0].extend(gone[a:b])
            pending[1].extend(come[c:d])
    if any(pending):
        yield pending[0], pending[1], ()


def _matcher(before: Sequence[Hashable], after: Sequence[Hashable]) -> SequenceMatcher[Hashable]:
    return SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _MANY)


def _is_glue(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and len(tokens[0].text) <= _GLUE and "\n" not in tokens[0].lead


def _count(parts: Sequence[Part], fate: Change) -> int:
    return sum(sum(map(is_word, cut(run.text))) for part in parts for run in part.runs if run.change is fate)
