"""Words as people type them: without case, accents or script quirks.

Owns: the one folding that both the search index and the sort order use.
Must never: raise, whatever the text.

ASCII is left alone but for its case (the index's own tokenizer does that, without Python's lock held); only
the runs of other characters are looked at here. So "Łukasz Müller" is found by "lukasz mul", and every
Chinese, Japanese or Korean character is a word of its own, since these are written without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
_IDEOGRAPH = re.compile(r"([぀-ヿ㐀-鿿豈-﫿가-힯\U00020000-\U0003134f])")

# Letters that Unicode does not take apart although people type them without their stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)


@lru_cache(maxsize=4096)
def _fold_run(run: str) -> str:
    # Before NFKD, which takes Hangul apart: a syllable is a word of its own, found by its first letters.
    pieces = _IDEOGRAPH.sub(r" \1 ", unicodedata.normalize("NFKC", run))
    letters = unicodedata.normalize("NFKD", pieces).casefold().translate(_STROKES)
    # Anything that is neither letter nor digit parts words; a combining mark belongs to its letter.
    return "".join(
        letter if letter.isalnum() else "" if unicodedata.category(letter) == "Mn" else " "
        for letter in letters
    )


def fold(text: str) -> str:
    """Return `text` in lower case without accents: spellings a reader takes for the same become the same."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda found: _fold_run(found[0]), text)
    return text.lower()


def words(text: str) -> list[str]:
    """Return the words of `text`, folded, in order."""
    return _WORD.findall(fold(text))
