"""Bytes to text that is safe to show.

Owns: which characters a report may hold. Must never: drop a visible character silently.
"""

from __future__ import annotations

import codecs
import contextlib
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARAMETER = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_IN_MARKUP = re.compile(
    rb"(?:<meta[^>]{0,200}?charset\s*=|<\?xml[^>]{0,80}?encoding\s*=)\s*[\"']?([\w.:-]{1,40})", re.I
)

# Python's codecs hold more than character sets: base64, zlib, rot13, escapes.
_CHARACTER_SET = re.compile(
    r"utf-(?:8|16|32)|iso8859|iso2022|cp\d|koi8|mac|shift_jis|euc|gb|hz|big5|johab|tis-620|kz1048|ptcp154|hp-roman8"
)

# Not to be shown: controls, marks that reorder text (U+202A to 202E, U+2066 to 2069: a reader must see the
# words in the order they were written), and U+FDD0 to FDEF, which Qt's text engine uses for itself.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
_FOREIGN, _KANA = re.compile("[^\x00-\x7f]"), re.compile("[\u3040-\u30ff]")
_EAST = re.compile(
    "[\u2160-\u217f\u2190-\u2193\u2460-\u2473\u25a0-\u25ff\u3000-\u30ff\u3200-\u33ff\u4e00-\u9fff\uff01-\uff60]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

NOT_AS_DECLARED = (
    "Some characters of this text do not fit the character set the portal names for it; "
    "a few may look wrong. Check numbers and units against the original before relying on them."
)
GUESSED = (
    "The portal does not name the character set of this text; it reads as Japanese. "
    "Check numbers and units against the original before relying on them."
)
UNREADABLE_CHARACTERS = (
    "Some characters of this text cannot be read and are shown as �. "
    "Check the words around them against the original before relying on them."
)


def decode(data: bytes, content_type: str, markup: bool = False) -> tuple[str, str]:
    """Return the text and a warning for the reader, "" if there is nothing to say.

    A byte order mark wins over the declared character set, that one over what `markup` says of itself;
    without any, UTF-8 if the bytes are, else Windows-1252. Never raises.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], name)
    named = _PARAMETER.search(content_type)
    name = named.group(1) if named else ""
    if not name and markup and (inside := _IN_MARKUP.search(data[:2048])):
        name = inside.group(1).decode("ascii", "ignore")
    if name and (codec := _text_codec(name)) is not None:
        try:
            return data.decode(codec), ""
        except (UnicodeDecodeError, ValueError):
            text, warning = _guess(data)
            return text, warning or NOT_AS_DECLARED
    return _guess(data)


def clean(text: str) -> str:
    r"""Return `text` with `\n` as the only line end and nothing in it that is no character to read."""
    if "\r" in text or not text.isascii() or "\x0b" in text or "\x0c" in text:
        text = _LINE_ENDS.sub("\n", text)
    return _UNWANTED.sub("", text)


def _decode_as(data: bytes, codec: str) -> tuple[str, str]:
    try:
        return data.decode(codec), ""
    except UnicodeDecodeError:
        return data.decode(codec, "replace"), UNREADABLE_CHARACTERS


def _guess(data: bytes) -> tuple[str, str]:
    if b"\x1b$" in data:  # ISO-2022-JP: ASCII that switches to Japanese and back (RFC 1468)
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("iso2022_jp_ext"), ""
    if b"\x00" in data[:512]:
        for codec, zeros in (("utf-16-le", data[1:512:2]), ("utf-16-be", data[0:512:2])):
            if zeros.count(0) * 2 > len(zeros):
                return _decode_as(data, codec)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        if (japanese := _japanese(data)) is not None:
            return japanese, GUESSED
        text = data.decode("cp1252", "replace")
        return text, UNREADABLE_CHARACTERS if "\ufffd" in text else ""


def _japanese(data: bytes) -> str | None:
    """Return bytes as Japanese if they read as it: kana are frequent, and their bytes rare elsewhere."""
    for codec in ("cp932", "euc_jp"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        foreign = len(_FOREIGN.findall(text))
        if (
            foreign >= 4
            and len(_KANA.findall(text)) * 12 >= foreign
            and len(_EAST.findall(text)) * 20 >= foreign * 19
        ):
            return text
    return None


def _text_codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        # ISO-8859-1 is declared for what is Windows-1252 so often that browsers read it so too.
        codec = "cp1252" if codec in ("iso8859-1", "ascii") else codec
    except (LookupError, ValueError):
        return None
    return codec if _CHARACTER_SET.match(codec) else None
