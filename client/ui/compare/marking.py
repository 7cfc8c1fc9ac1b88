"""A difference as the small HTML of the viewer: what is pointed out, then the parts, the impression first.

What came and what went are told by shape (underlined, struck through) and by ground, and counted beside each
heading. Must never: let through a tag or a sign of markup that a report holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from client.documents import Section, SectionRole
from client.documents.difference import Change, Difference, Part, Run
from client.documents.telling import cut, is_word
from client.ui.compare import wording

_CLASS = {Change.ADDED: "added", Change.REMOVED: "removed"}


def mark(difference: Difference, status: str) -> tuple[str, tuple[Section, ...]]:
    """Return the HTML and the sections one can jump to; `status` is how the status changed, "" if not."""
    html = [f'<p class="heading">What changed</p><p>{escape(wording.extent(difference))}.']
    html.append(f"<br>Status: {escape(status)}.</p>" if status else "</p>")
    if told := wording.all_points(difference):
        items = (f"<li><b>{escape(what)}</b> {escape(place)}</li>" for what, place in told)
        html.append(f"<ul>{''.join(items)}</ul>")
    html.extend(
        f'<p class="note">“{escape(title)}” has no words here to compare: look at both.</p>'
        for title in difference.uncompared
    )
    sections: list[Section] = []
    same: list[str] = []
    for part in difference.parts:
        if not part.changed:
            same.append(wording.where(part))
            continue
        anchor = f"d{len(sections) + 1}"
        name = part.heading or "Report"
        sections.append(Section(part.role or SectionRole.OTHER, name, anchor))
        kind = "impression-heading" if part.role is SectionRole.IMPRESSION else "heading"
        html.append(f'<p class="{kind}"><a name="{anchor}">{escape(name)}</a> {_counted(part)}</p>')
        html.extend(f"<p>{line}</p>" for line in _lines(part.runs) if line)
    if same and sections:
        html.append(f'<p class="note">The same in both: {escape(", ".join(dict.fromkeys(same)))}.</p>')
    return "".join(html), tuple(sections)


def _counted(part: Part) -> str:
    come, gone = (
        sum(is_word(token) for run in part.runs if run.change is fate for token in cut(run.text))
        for fate in (Change.ADDED, Change.REMOVED)
    )
    said = " ".join(f"{sign}{count}" for sign, count in (("+", come), ("−", gone)) if count)
    return f'<span class="count">{said}</span>'


def _lines(runs: tuple[Run, ...]) -> Iterator[str]:
    """Yield the runs line by line; the space between words belongs to no mark."""
    line: list[str] = []
    for run in runs:
        for number, piece in enumerate(run.text.split("\n")):
            if number:
                yield "".join(line)
                line = []
            words = piece.strip()
            lead = piece[: len(piece) - len(piece.lstrip())]
            if lead and line:
                line.append(" ")
            if words:
                name = _CLASS.get(run.change)
                line.append(f'<span class="{name}">{escape(words)}</span>' if name else escape(words))
    yield "".join(line)
