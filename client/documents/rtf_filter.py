"""An RTF file with all taken out of it that no reader was meant to see, in one pass over its tokens.

What striprtf is then given holds words, paragraphs, characters and a font table written anew, so that its
patterns never meet what a hostile file says. Follows RTF 1.9.1.
Must never: take long over any input, or hold a word back without telling.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from client.errors import DocumentError

# Marks put into the text, from Unicode's private use area; the file's own are taken out of it.
STRIKE_BEGINS, STRIKE_ENDS, ROW_BEGINS, CELL, ROW_ENDS = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
LAID_OUT = re.compile(f"[{ROW_BEGINS}{CELL}{ROW_ENDS}]")

_OWN = re.compile("[\ue000-\ue004]")
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32}+)(-?\d{1,10}+)? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]++)|[\r\n]++|\\", re.S
)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,6})")
_FAMILY = {b"\\mac": "mac_roman", b"\\pca": "cp850", b"\\pc": "cp437"}
_DEEPEST = 2000  # groups within each other
_MOST_FONTS = 2000
_MOST_TOKENS = 500_000
_LONGEST = 1_000_000  # characters that are shown
_SHOWN = frozenset({"upr", "result", "pntext"})  # what striprtf passes over and a reader sees
_PICTURES = frozenset({"pict", "objdata", "shppict"})
_ASIDE = frozenset({
    "header", "headerf", "headerl", "headerr", "footer", "footerf", "footerl", "footerr", "footnote",
    "annotation", "shptxt", "dptxbxtext",
})  # fmt: skip
# Character sets of old Macintosh fonts that Python has no codec for, by their like of Windows.
_FONTS = {
    78: 128,
    79: 136,
    80: 129,
    81: 178,
    82: 177,
    83: 161,
    84: 204,
    85: 134,
    86: 238,
    87: 204,
    88: 222,
    89: 238,
}
_NESTED = (
    "This RTF document is nested far deeper than any report, so Safelight does not show it. "
    "Open it at the portal, or ask who wrote it."
)


@dataclass(slots=True)
class Filtered:
    """What is left: `rtf` for striprtf, the character set of its bytes, and what a reader must be told."""

    rtf: str
    encoding: str
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Group:
    """What a `{` begins and a `}` takes back."""

    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    dropped: str = ""  # the destination that is passed over, "" where words are shown
    fonts: bool = False


def filter_rtf(data: bytes) -> Filtered:
    """Take out what is not shown; raises DocumentError where the file is nested beyond sense."""
    from striprtf.striprtf import destinations  # loaded with the first RTF document and not before

    encoding = _encoding(data)
    return _Filter(destinations - _SHOWN, encoding).read(_OWN.sub("", _decode(data, encoding)))


class _Filter:
    """One pass over the tokens of a file."""

    def __init__(self, destinations: frozenset[str], encoding: str) -> None:
        self._destinations = destinations
        self._told: set[str] = set()
        self._encoding = encoding
        self._out: list[str] = []
        self._group = _Group()
        self._stack: list[_Group] = []
        self._striking = self._in_row = False
        self._shown = 0
        self._fonts: dict[str, int] = {}
        self._font = ""

    def read(self, text: str) -> Filtered:
        at = tokens = 0
        while at < len(text) and (token := _TOKEN.match(text, at)) is not None:
            at = token.end()
            word, number, _pair, sign, brace, run = token.groups()
            if brace == "{":
                self._open()
            elif brace:
                if not self._close():
                    break
            elif word == "bin":  # its bytes follow, and may look like anything
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word, number)
            elif sign == "*":
                self._group = replace(self._group, dropped=self._group.dropped or "*")
            else:
                # A backslash of the text's own, written so that nothing after it looks like a control word.
                said = "\\'5c" if sign == "\\" else token[0]
                self._text(said, blank=run is not None and run.isspace(), length=len(run or "x"))
            tokens += 1
            if self._shown > _LONGEST or tokens > _MOST_TOKENS:
                self._told.add("long")
                break
        else:
            self._told.add("torn")
        self._strike(False)
        return Filtered("{" + self._font_table() + "".join(self._out) + "}", self._encoding, self._told)

    def _open(self) -> None:
        if len(self._stack) >= _DEEPEST:
            raise DocumentError(_NESTED)
        self._stack.append(self._group)
        if not self._group.dropped and not self._group.fonts:
            self._out.append("{")

    def _close(self) -> bool:
        """End a group; return whether the document goes on."""
        inner = self._group
        if not self._stack:
            return False
        self._group = self._stack.pop()
        if not self._group.dropped and not self._group.fonts:
            if inner.struck and not self._group.struck:
                self._strike(False)
            self._out.append("}")
        return bool(self._stack)

    def _word(self, word: str, number: str | None) -> None:
        group = self._group
        if word == "fonttbl":
            self._group = replace(group, fonts=True)
        elif group.fonts:
            self._font_word(word, number)
        elif word in self._destinations or (group.dropped == "*" and word in _ASIDE):
            self._told.update({"picture"} if word in _PICTURES else ())
            # A text box within a shape is told of, whatever is passed over around it.
            if not group.dropped or group.dropped == "*" or word in _ASIDE:
                self._group = replace(group, dropped=word)
        elif group.dropped:
            return
        elif word in ("v", "deleted", "strike", "striked", "plain"):
            self._character(word, number != "0")
        elif word in ("trowd", "cell", "row", "nestcell"):
            self._table(word)
        elif word in ("u", "uc"):
            self._unicode(word, number)
        elif word != "ansicpg":  # settled before
            self._out.append(f"\\{word}{number or ''} ")

    def _character(self, word: str, on: bool) -> None:
        match word:
            case "v":
                self._group = replace(self._group, hidden=on)
            case "deleted":
                self._group = replace(self._group, deleted=on)
            case "plain":
                self._group = replace(self._group, hidden=False, deleted=False, struck=False)
                self._out.append("\\plain ")
            case _:
                self._group = replace(self._group, struck=on)

    def _table(self, word: str) -> None:
        self._strike(False)
        if word == "trowd":
            if not self._in_row:
                self._mark(ROW_BEGINS)
            self._in_row = True
        elif word == "row":
            self._mark(ROW_ENDS)
            self._in_row = False
        else:
            self._mark(CELL if word == "cell" else " | ")

    def _unicode(self, word: str, number: str | None) -> None:
        value = int(number) if number is not None else -1
        if word == "uc":
            self._out.append(f"\\uc{min(max(value, 0), 8)} ")
            return
        value += 0x10000 if value < 0 and number is not None else 0
        known = 0 < value < 0x10000 and not 0xE000 <= value <= 0xE004
        self._text(f"\\u{value if known else 0xFFFD} ", blank=False, length=1)

    def _text(self, run: str, *, blank: bool, length: int) -> None:
        group = self._group
        if group.fonts:
            return
        if group.dropped:
            self._told.update({"aside"} if group.dropped in _ASIDE and not blank else ())
        elif group.hidden or group.deleted:
            self._told.update(() if blank else {"hidden"})
        elif run != "\\-":  # where a word may be broken: nothing to read
            if not blank:
                self._strike(group.struck)
            self._out.append(run[: max(0, _LONGEST - self._shown)] if length == len(run) else run)
            self._shown += length

    def _strike(self, on: bool) -> None:
        if on != self._striking:
            self._striking = on
            self._mark(STRIKE_BEGINS if on else STRIKE_ENDS)
            self._told.add("struck")

    def _mark(self, sign: str) -> None:
        self._out.append(sign)

    def _font_word(self, word: str, number: str | None) -> None:
        if word == "f" and number is not None and len(self._fonts) < _MOST_FONTS:
            self._font = number
        elif word == "fcharset" and self._font and number is not None:
            self._fonts[self._font] = int(number)

    def _font_table(self) -> str:
        fonts = (f"{{\\f{key}\\fcharset{_FONTS.get(kind, kind)} x;}}" for key, kind in self._fonts.items())
        return f"{{\\fonttbl{''.join(fonts)}}}"


def _encoding(data: bytes) -> str:
    """Return the character set that a file declares for its bytes; Windows-1252 where it names none."""
    head = data[:4096]
    if (found := _CODE_PAGE.search(head)) is not None:
        page = int(found[1])
        name = {10000: "mac_roman", 65001: "utf-8", 0: "cp1252", 1200: "cp1252"}.get(page, f"cp{page}")
        try:
            return codecs.lookup(name).name
        except LookupError:
            return "cp1252"
    return next((name for mark, name in _FAMILY.items() if mark in head[:200]), "cp1252")


def _decode(data: bytes, encoding: str) -> str:
    """Return a file as text: it should be ASCII alone, but some programs write bytes of their own."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(encoding, "replace")
