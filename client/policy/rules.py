"""Every rule's kind, bounds, meaning and who may set it; whatever tells of rules is generated from here.

Owns: RULES, the reading of one raw value, and what counts as tighter.
Must never: read a file (that is `client.policy.sources`) or repeat a value in an error: bounds only.
"""

import re
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeAlias

from client.policy.table import Activity, Policy, Theme

Value: TypeAlias = str | bool | int | timedelta | Path | Activity | Theme

_MB = 1024**2
_GB = 1024**3
_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
}
_SIZES = {"MB": _MB, "GB": _GB}
_QUANTITY = re.compile(r"(\d{1,9}) ?([A-Za-z]{1,3})", re.ASCII)


class Kind(Enum):
    """How a value is written."""

    TEXT = "words"
    ADDRESS = "an https address"
    FILE = "the full path of a file"
    DURATION = 'a length of time in s, min or h, such as "90 s"'
    SIZE = 'a size in MB or GB (1 MB = 1024 × 1024 bytes), such as "512 MB"'
    COUNT = "a whole number"
    SWITCH = "true or false"
    CHOICE = "one of a few words"


class UserMay(Enum):
    """What a user's own preferences may do with a rule."""

    NOTHING = "only the organisation"
    TIGHTEN = "users may make it stricter for themselves"
    CHOOSE = "users may choose"


class ValueRefused(ValueError):
    """A value that the rule does not allow; the message completes "FIELD must be …"."""


class Rule(NamedTuple):
    """One field of Policy: `low` to `high` for the organisation, `user_low` to `high` for a user.

    Bounds of TEXT and ADDRESS are characters, of SIZE bytes. `strictest` is what a user may always take.
    """

    field: str
    kind: Kind
    user: UserMay
    meaning: str
    low: timedelta | int | None = None
    high: timedelta | int | None = None
    user_low: timedelta | int | None = None
    choices: type[Activity] | type[Theme] | None = None
    strictest: Activity | bool = True
    example: str = ""

    @property
    def default(self) -> Value | None:
        """The value where nobody sets one; None for no file."""
        value: Value | None = getattr(Policy(), self.field)
        return value


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


RULES: tuple[Rule, ...] = (
    Rule("portal", Kind.ADDRESS, UserMay.NOTHING, "The portal people sign in to.", 1, 500,
         example="https://reports.example.org"),
    Rule("portal_name", Kind.TEXT, UserMay.NOTHING, "The portal's name on the sign-in page.", 0, 100),
    Rule("fhir_base", Kind.ADDRESS, UserMay.NOTHING,
         "The portal's FHIR R4 base, for a portal that does not describe itself.", 1, 500,
         example="https://reports.example.org/fhir"),
    Rule("image_base", Kind.ADDRESS, UserMay.NOTHING,
         "The portal's DICOMweb base, for a portal that does not describe itself.", 1, 500,
         example="https://reports.example.org/dicom-web"),
    Rule("sign_in_url", Kind.ADDRESS, UserMay.NOTHING,
         "The portal's own sign-in, for a portal that does not describe itself.", 1, 500,
         example="https://reports.example.org/portal"),
    Rule("ca_file", Kind.FILE, UserMay.NOTHING,
         "The organisation's certificate authorities (PEM), trusted in addition to the system's.",
         example="/etc/safelight/ca.pem"),
    Rule("curtain_after", Kind.DURATION, UserMay.TIGHTEN,
         "Without activity for this long, the screen is covered; a key brings it back. At most "
         "end_after_idle less warn_before_end.", _seconds(15), _seconds(15 * 60), _seconds(1)),
    Rule("warn_before_end", Kind.DURATION, UserMay.CHOOSE,
         "How long before the end a countdown is shown. At most end_after_idle less 15 s.",
         _seconds(10), _seconds(300), _seconds(1)),
    Rule("end_after_idle", Kind.DURATION, UserMay.TIGHTEN,
         "Without activity for this long, the session ends and nothing of it is left.",
         _seconds(120), _seconds(15 * 60), _seconds(3)),
    Rule("end_after", Kind.DURATION, UserMay.TIGHTEN,
         "A session ends after this long, whatever happens in it.",
         _seconds(15 * 60), _seconds(12 * 3600), _seconds(3)),
    Rule("activity", Kind.CHOICE, UserMay.TIGHTEN,
         "What counts as activity: keys and pointer anywhere on the workstation, or in Safelight only.",
         choices=Activity, strictest=Activity.PROGRAM),
    Rule("end_on_lock", Kind.SWITCH, UserMay.TIGHTEN, "Locking the screen ends the session."),
    Rule("end_on_suspend", Kind.SWITCH, UserMay.TIGHTEN, "Putting the computer to sleep ends the session."),
    Rule("end_on_user_switch", Kind.SWITCH, UserMay.TIGHTEN,
         "Switching to another user of the computer ends the session."),
    Rule("cache_limit", Kind.SIZE, UserMay.TIGHTEN,
         "How much of the disk the encrypted cache of a session may take.", 64 * _MB, 64 * _GB, 64 * _MB),
    Rule("prefetch", Kind.COUNT, UserMay.TIGHTEN,
         "How many of the newest unread reports are fetched ahead of being opened.", 0, 500, 0),
    Rule("notice", Kind.TEXT, UserMay.NOTHING, "The organisation's words on the sign-in page.", 0, 2000),
    Rule("theme", Kind.CHOICE, UserMay.CHOOSE, "The colours.", choices=Theme),
    Rule("print", Kind.SWITCH, UserMay.TIGHTEN, "Reports can be printed; each print is in the audit trail.",
         strictest=False),
    Rule("export_pdf", Kind.SWITCH, UserMay.TIGHTEN,
         "Reports can be saved as PDF files, encrypted with a password; each is in the audit trail.",
         strictest=False),
    Rule("copy", Kind.SWITCH, UserMay.TIGHTEN,
         "Words and identifiers can be copied; the clipboard is marked as secret and emptied at the end.",
         strictest=False),
    Rule("notifications", Kind.SWITCH, UserMay.TIGHTEN,
         "The desktop says how many reports are new, changed or critical, and nothing else of them.",
         strictest=False),
)  # fmt: skip

BY_FIELD = {rule.field: rule for rule in RULES}


def read_value(rule: Rule, raw: object, *, by_user: bool = False) -> Value:
    """Return the value that `raw` (from TOML, registry, property list) means; ValueRefused if none."""
    low = rule.user_low if by_user else rule.low
    value: Value | None = None
    match rule.kind, raw:
        case Kind.SWITCH, bool():
            return raw
        case Kind.COUNT, int() if not isinstance(raw, bool):
            value = raw
        case Kind.TEXT, str() if raw.replace("\n", " ").isprintable():
            value = raw
        case Kind.ADDRESS, str() if _is_address(raw):
            value = raw
        case Kind.FILE, str() if raw.isprintable() and Path(raw).is_absolute():
            return Path(raw)
        case Kind.DURATION, str():
            value = _quantity(raw, _UNITS)
        case Kind.SIZE, str():
            value = _quantity(raw, _SIZES)
        case Kind.CHOICE, str() if rule.choices is not None and raw in {each.value for each in rule.choices}:
            return rule.choices(raw)
    if value is None or not _within(value, low, rule.high):
        raise ValueRefused(allowed(rule, by_user=by_user))
    return value


def tighter(rule: Rule, value: Value, base: Value | None) -> bool:
    """Whether a user may have `value` where the organisation (or the default) says `base`."""
    if rule.user is not UserMay.TIGHTEN or value == base:
        return rule.user is not UserMay.NOTHING
    if rule.kind in (Kind.SWITCH, Kind.CHOICE):
        return value is rule.strictest
    if isinstance(value, timedelta) and isinstance(base, timedelta):
        return value <= base
    return isinstance(value, int) and isinstance(base, int) and value <= base


def allowed(rule: Rule, *, by_user: bool = False) -> str:
    """Return what a value of this rule must be, bounds included, to complete a sentence."""
    low = rule.user_low if by_user else rule.low
    if rule.choices is not None:
        return " or ".join(f'"{choice.value}"' for choice in rule.choices)
    if rule.kind in (Kind.TEXT, Kind.ADDRESS):
        return f"{rule.kind.value} of at most {rule.high} characters"
    if low is None or rule.high is None:
        return str(rule.kind.value)
    return f"{rule.kind.value}, from {spell(rule, low)} to {spell(rule, rule.high)}"


def spell(rule: Rule, value: Value | None) -> str:
    """Return a value as a person writes it, without quotes."""
    match value:
        case timedelta():
            units = [name for name, unit in _UNITS.items() if value >= unit and not value % unit]
            return f"{value / _UNITS[units[-1]]:g} {units[-1]}" if units else f"{value.total_seconds():g} s"
        case bool():
            return str(value).lower()
        case int() if rule.kind is Kind.SIZE:
            unit = "MB" if value % _GB else "GB"
            return f"{value // _SIZES[unit]} {unit}"
        case Activity() | Theme():
            return str(value.value)
        case None:
            return ""
        case _:
            return str(value)


def _quantity(raw: str, units: dict[str, timedelta] | dict[str, int]) -> timedelta | int | None:
    found = _QUANTITY.fullmatch(raw.strip())
    if found is None or found[2] not in units:
        return None
    return int(found[1]) * units[found[2]]


def _within(value: Value, low: timedelta | int | None, high: timedelta | int | None) -> bool:
    measure: object = len(value) if isinstance(value, str) else value
    if isinstance(measure, timedelta) and isinstance(low, timedelta) and isinstance(high, timedelta):
        return low <= measure <= high
    return (
        isinstance(measure, int) and isinstance(low, int) and isinstance(high, int) and low <= measure <= high
    )


def _is_address(raw: str) -> bool:
    # https only, and nothing in it that could carry a password or a patient.
    from urllib.parse import urlsplit  # not needed where no policy names an address

    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        return False
    plain = raw.isascii() and raw.isprintable() and " " not in raw
    return bool(
        plain
        and parts.scheme == "https"
        and parts.hostname
        and port != 0
        and parts.username is None
        and not any(mark in raw for mark in "?#@\\")
    )
