"""Where the rules come from: built-in defaults < the user's preferences < the organisation's policy.

Owns: the order of the sources, and that a user can only tighten what the organisation (or the default) says.
Must never: take a rule from an environment variable or the command line, or go on without the policy.

The organisation: /etc/safelight/policy.toml, then policy.d/*.toml beside it by name, later files win (Linux);
HKLM\\Software\\Policies\\Safelight (Windows); managed preferences (macOS).
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from client.errors import PolicyError
from client.policy.rules import BY_FIELD, Value, ValueRefused, allowed, read_value, spell, tighter
from client.policy.table import Policy
from client.policy.trusted import read_own, read_trusted, unusable

MACHINE_POLICY = Path("/etc/safelight/policy.toml")


class Source(Enum):
    """Who decided."""

    BUILT_IN = "built in"
    PREFERENCE = "the user's preference"
    ORGANISATION = "the organisation's policy"


class Origin(NamedTuple):
    """Where a value came from; `place` is a file or registry key, "" for built in."""

    source: Source
    place: str = ""


class LoadedPolicy(NamedTuple):
    """The rules in force, the origin of each by field, and a sentence for each preference refused."""

    policy: Policy
    origin: Mapping[str, Origin]
    refused: tuple[str, ...]


class Places(NamedTuple):
    """Where to look; tests and the tour bring their own.

    `machine` is a TOML file with a folder policy.d beside it; `owner` may have written it besides root;
    `managed` yields raw values and where they are from, on systems that keep them elsewhere.
    """

    machine: Path | None
    preferences: Path | None
    owner: int = 0
    managed: Callable[[], tuple[str, Mapping[str, object]]] | None = None

    @classmethod
    def of_this_machine(cls) -> "Places":
        """Return the places of the system we run on."""
        from client.system.folders import preferences_file

        if sys.platform == "win32":
            return cls(None, preferences_file(), managed=_registry)
        if sys.platform == "darwin":
            return cls(None, preferences_file(), managed=_managed_preferences)
        return cls(MACHINE_POLICY, preferences_file())


def load(places: Places | None = None) -> LoadedPolicy:
    """Return the rules in force; PolicyError, naming file, rule and bounds, if they cannot be used."""
    places = places or Places.of_this_machine()
    values: dict[str, Value] = {}
    origin = dict.fromkeys(BY_FIELD, Origin(Source.BUILT_IN))
    for place, raw in _organisation(places):
        for field, each in raw.items():
            values[field] = _read_organisation(place, field, each, places.owner)
            origin[field] = Origin(Source.ORGANISATION, place)
    policy = _replaced(Policy(), values)
    _check_together(policy, origin)
    preferred, refused = _preferences(places.preferences, policy)
    for field in preferred:
        origin[field] = Origin(Source.PREFERENCE, str(places.preferences))
    return LoadedPolicy(_fitted(_replaced(policy, preferred), origin), origin, tuple(refused))


def _organisation(places: Places) -> Iterator[tuple[str, Mapping[str, object]]]:
    if places.managed is not None:
        yield places.managed()
    if places.machine is None:
        return
    for path in (places.machine, *_drop_ins(places.machine.with_suffix(".d"))):
        content = read_trusted(path, places.owner)
        if content is not None:
            yield str(path), _toml(path, content)


def _drop_ins(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise unusable(folder, f"it cannot be read ({problem.strerror})") from problem


def _toml(path: Path, content: bytes) -> Mapping[str, object]:
    import tomllib  # not needed where there is no file

    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise unusable(path, "it is not TOML") from problem


def _read_organisation(place: str, field: str, raw: object, owner: int) -> Value:
    rule = BY_FIELD.get(field)
    if rule is None:
        raise unusable(place, f"it has a rule {field[:40]!r}, which does not exist")
    try:
        value = read_value(rule, raw)
    except ValueRefused as refusal:
        raise unusable(place, f"{field} must be {refusal}") from refusal
    if isinstance(value, Path) and read_trusted(value, owner) is None:
        raise unusable(place, f"the file that {field} names is not there")
    return value


def _check_together(policy: Policy, origin: Mapping[str, Origin]) -> None:
    """Refuse times of the organisation that contradict each other; others give way in `_fitted`."""
    room = {
        "warn_before_end": policy.end_after_idle - timedelta(seconds=15),
        "curtain_after": policy.end_after_idle - policy.warn_before_end,
    }
    for field, most in room.items():
        if origin[field].source is Source.ORGANISATION and getattr(policy, field) > most:
            rule = BY_FIELD[field]
            raise unusable(
                origin[field].place,
                f"{field} must be {allowed(rule)}, "
                f"and with the other times in force at most {spell(rule, most)}",
            )


def _preferences(path: Path | None, policy: Policy) -> tuple[dict[str, Value], list[str]]:
    if path is None:
        return {}, []
    try:
        content = read_own(path)
        raw = {} if content is None else _toml(path, content)
    except (OSError, PolicyError):
        return {}, [f"Your preferences in {path} cannot be read and were ignored."]
    preferred: dict[str, Value] = {}
    refused: list[str] = []
    for field, each in raw.items():
        rule = BY_FIELD.get(field)
        if rule is None:
            refused.append(f"Your preference {field[:40]!r} is not known and was ignored.")
            continue
        try:
            value = read_value(rule, each, by_user=True)
        except ValueRefused as refusal:
            refused.append(f"Your preference {field} was ignored: it must be {refusal}.")
            continue
        if tighter(rule, value, getattr(policy, field)):
            preferred[field] = value
        else:
            now = spell(rule, getattr(policy, field))
            refused.append(f"Your preference {field} was ignored: {rule.user.value} ({now or 'not set'}).")
    return preferred, refused


def _fitted(policy: Policy, origin: Mapping[str, Origin]) -> Policy:
    """Bring the curtain before the warning and the warning before the end, towards the stricter."""
    warn = policy.warn_before_end
    if Source.PREFERENCE in (origin["end_after_idle"].source, origin["warn_before_end"].source):
        warn = min(warn, policy.end_after_idle / 2)
    curtain = min(policy.curtain_after, policy.end_after_idle - warn)
    return policy._replace(warn_before_end=warn, curtain_after=curtain)


def _replaced(policy: Policy, values: Mapping[str, Value]) -> Policy:
    changes: dict[str, Any] = dict(values)  # each was read by its rule, so its type is the field's
    return policy._replace(**changes)


def _registry() -> tuple[str, Mapping[str, object]]:
    if sys.platform != "win32":
        return "", {}
    import winreg

    from client.policy.managed import REGISTRY_KEY, read_registry

    return REGISTRY_KEY, read_registry(winreg)


def _managed_preferences() -> tuple[str, Mapping[str, object]]:
    from client.policy.managed import PROPERTY_LIST, read_property_list

    content = read_trusted(Path(PROPERTY_LIST), owner=0)
    return PROPERTY_LIST, {} if content is None else read_property_list(content)
