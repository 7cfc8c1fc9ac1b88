"""The words that change what a report says: sides, negations, measures; where they changed, it is said.

Owns: these words in English, Spanish, German and French, and the cutting of a text into words.
Must never: take "9 mm" for two words, or pass over a side, a negation or a number that changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

from client.documents.headings import normalise


class Token(NamedTuple):
    """A word, a measure or a mark: what stands before it, as it is written, and what makes two the same."""

    lead: str
    text: str
    key: str


class Kind(Enum):
    """What kind of telling word it is."""

    SIDE = "side"
    NEGATION = "negation"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Point:
    """One change of a telling word; "" on one side means that there is none there.

    With `whole`, these are the telling words of a longer passage that is new, or gone, as a whole.
    """

    kind: Kind
    before: str = field(repr=False)
    after: str = field(repr=False)
    near: str = field(repr=False)  # the words that follow
    whole: bool = False


_UNIT = r"""(?:[µu]?g|kg|mg|[mcd]?m[²³23]?|[km]?bq|mci|m?gy|m?sv|mm\s?hg|ml|cl|dl|l|cc|hu|he|uh|kv|ma|mas|hz|
    khz|mhz|t|bpm|min|sec|s|h|°c?|%|suv|kpa|mmol|mval|iu|ie|ui)(?:/(?:kg|ml|dl|l|min|s|h|m²|m2|g))?"""
_NUMBER = r"\d+(?:[.,]\d+)*"
_TOKEN = re.compile(
    rf"""(?mxi)
      (?P<mark>   ^[ \t]*(?:\d{{1,3}}[.)]|[•\-–*])(?=\s) )
    | (?P<date>   \d{{4}}-\d\d-\d\d | \d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}} | \d{{1,2}}:\d\d(?::\d\d)? )(?!\w)
    | (?P<number> (?<![\w.])[<>≤≥]?\s?[+\-−]?{_NUMBER}(?:\s?[x×\-–/]\s?{_NUMBER})*
                  (?:\s*{_UNIT}(?!\w))? )(?!\w)
    | (?P<word>   \w+(?:['’\-]\w+)* )
    | (?P<other>  \S )
    """
)
_SIDES = {
    "left": "left lt links linke linker linkes linken linkem linksseitig linksseitige izquierdo izquierda "
    "izquierdos izquierdas gauche gauches",
    "right": "right rt rechts rechte rechter rechtes rechten rechtem rechtsseitig rechtsseitige derecho "
    "derecha derechos derechas droit droite droits droites",
    "both": "bilateral bilaterally beidseits beidseitig beidseitige beiderseits bilaterales both ambos ambas "
    "bilateraux bilaterale bilaterales",
}
_SIDE_OF = {word: side for side, some in _SIDES.items() for word in some.split()}
_NEGATIONS = {
    word
    for some in (
        "no not non none never without absent absence neither nor cannot denies negative nil excluded",
        "sin ni ningun ninguna ninguno ausencia ausente tampoco nunca negativo negativa descarta",
        "kein keine keinen keiner keines keinem nicht ohne weder nie fehlt fehlend ausgeschlossen negativ",
        "pas sans aucun aucune ne jamais absente negatif",
    )
    for word in some.split()
}
_LEVEL = re.compile(r"(?i)[ctls]\d{1,2}(?:[-/][ctls]?\d{1,2})?")  # of the spine
_PASSAGE = 7  # words from which what was added or taken out is a passage of its own


def cut(text: str) -> list[Token]:
    """Return the words of a text with the spaces before each; the number of an item counts as its mark."""
    tokens = []
    end = 0
    for found in _TOKEN.finditer(text):
        word = found[0]
        start = found.start()
        if found.lastgroup == "mark":
            key = "\n#"
        elif found.lastgroup == "number":
            key = "".join(word.split()).casefold().replace("×", "x").replace("–", "-").replace("−", "-")
        else:
            key = f"@{word}" if found.lastgroup == "date" else word
        tokens.append(Token(text[end:start], word, key))
        end = found.end()
    return tokens


def is_word(token: Token) -> bool:
    """Say whether a token is more than a mark."""
    return token.key != "\n#" and any(map(str.isalnum, token.text))


def points(before: Sequence[Token], after: Sequence[Token], follows: Sequence[Token]) -> list[Point]:
    """Return what is to be pointed out where `before` became `after`; `follows` stands behind both."""
    found: list[Point] = []
    whole = not (before and after) and sum(map(is_word, (*before, *after))) >= _PASSAGE
    for kind, telling in _TELLING:
        gone, come = _those(before, telling), _those(after, telling)
        keys = [key for _, key in gone], [key for _, key in come]
        if keys[0] == keys[1]:
            continue
        if whole:
            said = [", ".join(dict.fromkeys(side[at].text.strip() for at, _ in some))
                    for side, some in ((before, gone), (after, come))]  # fmt: skip
            found.append(Point(kind, said[0], said[1], "", whole=True))
            continue
        for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
            if tag == "equal" or (kind is Kind.NEGATION and b - a == d - c):
                continue  # "without" for "no" says the same
            for number in range(max(b - a, d - c)):
                old = gone[a + number][0] if a + number < b else None
                new = come[c + number][0] if c + number < d else None
                side, at = (before, old) if new is None else (after, new)
                near = [*side[(at or 0) + 1 :], *follows]
                found.append(Point(kind, _text(before, old), _text(after, new), _said(near)))
    return found


def _those(tokens: Sequence[Token], telling: Callable[[str], str]) -> list[tuple[int, str]]:
    return [(at, key) for at, token in enumerate(tokens) if (key := telling(token.key))]


def _text(tokens: Sequence[Token], at: int | None) -> str:
    return "" if at is None else tokens[at].text.strip()


def _said(tokens: Sequence[Token]) -> str:
    """Return the next few words, up to the end of the sentence."""
    said = ""
    for token in tokens[:3]:
        if token.text in ".;:!?" or "\n" in token.lead or token.key == "\n#":
            break
        said += (token.lead if said else "") + token.text
    return said.strip(" ,(")


def _side(word: str) -> str:
    if word.isascii() and word.islower() and word not in _SIDE_OF:
        head = word.partition("-")[0]  # "left-sided"
        return _SIDE_OF.get(head, "") if head is not word else ""
    folded = normalise(word)
    return _SIDE_OF.get(folded) or _SIDE_OF.get(folded.partition("-")[0], "")


def _negation(word: str) -> str:
    folded = normalise(word)
    if folded in _NEGATIONS or folded.endswith("n't"):
        return folded
    return "non" if folded.startswith("non-") else ""


def _number(word: str) -> str:
    if not any(map(str.isdigit, word)) or word == "\n#":
        return ""
    return word.casefold() if word[0] in "<>≤≥+-" or word[0].isdigit() or _LEVEL.fullmatch(word) else ""


_TELLING: tuple[tuple[Kind, Callable[[str], str]], ...] = (
    (Kind.SIDE, _side),
    (Kind.NEGATION, _negation),
    (Kind.NUMBER, _number),
)
