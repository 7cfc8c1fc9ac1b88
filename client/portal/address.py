"""Web addresses: which are allowed, which origin they belong to, how links are followed.

Must never: let anything but https through, or put a query into a message.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from client.errors import PortalFault

_LONGEST = 4000  # characters


def origin(url: str) -> str:
    """Return "https://host:port" of an address; raises PortalFault unless it is a whole https address."""
    parts = _split(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    return f"https://{host}:{_port(parts)}"


def checked(url: str) -> str:
    """Return the address without its fragment if it may be fetched; raises PortalFault if not."""
    parts = _split(url)
    return urlunsplit(parts._replace(fragment=""))


def resolve(base: str, url: str) -> str:
    """Return an address, relative to the FHIR base or not, as a whole; raises PortalFault if refused."""
    if len(url) > _LONGEST or not url.isprintable():
        raise _refused()
    try:
        return checked(urljoin(base.rstrip("/") + "/", url))
    except ValueError:
        raise _refused() from None


def next_page(base: str, link: str) -> str:
    """Return the address of a `next` link, always on the portal.

    Some servers (HAPI) write the name that they have inside the hospital into it: the path is kept, the host
    is the portal's; where the path is an inside one too, the query alone is kept.
    """
    if len(link) > _LONGEST or not link.isprintable():
        raise _refused()
    base = base.rstrip("/")
    try:
        there, home = urlsplit(urljoin(base + "/", link)), urlsplit(base)
    except ValueError:
        raise _refused() from None
    if there.scheme not in ("https", "http"):
        raise _refused()
    inside = there.path == home.path or there.path.startswith(home.path + "/")
    path = there.path if inside or not there.query else home.path
    return urlunsplit((home.scheme, home.netloc, path, there.query, ""))


def display_host(url: str) -> str:
    """Return the host of an address for a sentence, "the portal" where it has none."""
    try:
        return urlsplit(url).hostname or "the portal"
    except ValueError:
        return "the portal"


def _split(url: str) -> SplitResult:
    if len(url) > _LONGEST or not url.isprintable() or "\\" in url:
        raise _refused()
    try:
        parts = urlsplit(url.strip())
        usable = (
            parts.scheme == "https" and bool(parts.hostname) and parts.username is None and _port(parts) > 0
        )
    except ValueError:
        raise _refused() from None
    if not usable:
        raise _refused()
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else 443


def _refused() -> PortalFault:
    return PortalFault(
        "The portal pointed to an address that Safelight does not open: only secure ones (https) are. "
        "Nothing was fetched; tell the people who run the portal."
    )
