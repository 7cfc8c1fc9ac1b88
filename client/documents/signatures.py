"""Whether a paragraph only says who dictated, read or signed, and when.

Such a line is set small and outside the impression. Must never: take a finding for one; a signature that is
missed is merely printed larger, a finding printed small is overlooked.
"""

from __future__ import annotations

import re

_DONE = (
    r"(?:(?:electronically|digitally) )?(?:signed|dictated|transcribed|verified|reported|read"
    r"|approved|reviewed|finali[sz]ed|authenticated)"
)
_ABROAD = (
    r"(?:firmado|validado|signé|validé|elektronisch (?:signiert|validiert|unterschrieben)|unterschrieben)"
    r"(?: electr[oó]nicamente| digitalmente| électroniquement)?"
)
_WHO = re.compile(
    rf"{_DONE}(?: and {_DONE})?(?: electronically| digitally)? by\b:?|(?:signed|dictated|transcribed):"
    rf"|{_ABROAD}(?: (?:por|par|von|durch)\b:?|:)",
    re.I,
)
_WHEN = re.compile(
    rf"{_DONE}(?: electronically| digitally)?(?: (?:on|at|date/time|date|time)\b:?|:)|date:|time:|date/time:",
    re.I,
)
# One system writes all of them on one line.
_NEXT = re.compile(rf" (?={_DONE}(?: by| on| date/time| date| time)?:)", re.I)
_STATION = re.compile(r"WSN: ?\S+")  # the workstation, as one reporting system writes it

_TITLE = re.compile(
    r"(?:Drs?|Dra|Prof|MD|DO|PhD|MBBS|MBChB|FRCR|FRANZCR|FACR|FRCPC|RN|PA|NP|RT|Dipl|Med|Jr|Sr)"
    r"|(?:radiologist|resident|fellow|attending|consultant|facharzt|fachärztin)",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_'’-]+)*")
_MOMENT = re.compile(r"\d[\d/.:,+-]*(?:[TH][\d/.:,+-]*)?(?:Z|st|nd|rd|th)?|(?:UTC|GMT)?[+-][\d:]+", re.I)
_AROUND_MOMENTS = frozenset({
    "am", "pm", "utc", "gmt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "bst",
    "hrs", "hours", "h", "uhr", "at", "on", "le", "à", "a", "las", "um", "el", "date", "time", "mon", "tue",
    "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
    "septiembre", "octubre", "noviembre", "diciembre", "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre", "januar", "februar", "märz", "juni",
    "juli", "oktober", "dezember",
})  # fmt: skip
_INSIDE_NAMES = frozenset({
    "de", "da", "di", "del", "della", "der", "den", "van", "von", "la", "le", "el", "al", "bin", "ibn", "y",
    "and", "&",
})  # fmt: skip
_LONGEST = 400  # characters
_MOST_NAMES = 6  # words of a name, or of two


def is_signature(text: str) -> bool:
    """Say whether `text` tells who did what with the report, or when, and nothing else whatever."""
    if len(text) > _LONGEST:
        return False
    lines = (" ".join(line.split()) for line in text.strip().split("\n"))
    return all(_tells_who_or_when(each) for line in lines for each in _NEXT.split(line))


def _tells_who_or_when(line: str) -> bool:
    if _STATION.fullmatch(line):
        return True
    who = _WHO.match(line)
    found = who or _WHEN.match(line)
    if found is None:
        return False
    names = moments = 0
    titled = closed = False  # after a comma behind a title, or after a sentence, no further name may follow
    for word in line[found.end() :].replace("(", " ").replace(")", " ").split():
        bare = word.strip(".,;:|/–-")
        letters = bare.replace(".", "")
        if _MOMENT.fullmatch(bare):
            moments += 1
        elif not bare:
            closed = closed or titled or word != ","
        elif _TITLE.fullmatch(letters):
            titled = True
            continue
        elif letters.casefold() in _AROUND_MOMENTS and not (names == 0 and who):
            continue
        elif moments or closed or not (_is_name(letters) or bare in _INSIDE_NAMES):
            return False
        else:
            names += bare not in _INSIDE_NAMES
            closed = (
                word[-1] in ";:!?|/–-"
                or (word[-1] == "," and titled)
                or (word[-1] == "." and len(letters) > 1)
            )
    return 0 < names <= _MOST_NAMES if who else moments > 0 and names == 0


def _is_name(word: str) -> bool:
    return word[0].isupper() and _NAME.fullmatch(word) is not None
