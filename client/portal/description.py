"""Where a portal's parts are: from its well-known file, or from the policy.

Owns: `PortalDescription`. Must never: accept an address that is not https, send a password or a token's
refresh to another origin than the sign-in's, or let anybody but the policy name a sign-in, reports or images
that are not on the portal itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from client.errors import PortalFault, Withdrawn
from client.policy.table import Policy
from client.portal.address import checked, display_host, origin
from client.portal.connection import Connection
from client.portal.exchange import Stop
from client.portal.failures import LedElsewhere
from client.portal.fhir.parse import Resource, parse_object
from client.portal.fhir.text import line, paragraphs

WELL_KNOWN = "/.well-known/safelight-portal.json"
_UNUSABLE = (
    "This portal describes itself in a way that Safelight does not understand, so nobody can sign in. "
    "Check the portal's address, or tell the people who run the portal."
)


@dataclass(frozen=True, slots=True)
class PortalDescription:
    """A portal's name and addresses, all absolute and https; "" for what it does not offer."""

    name: str
    fhir: str  # FHIR R4 base, without a slash at its end
    images: str  # DICOMweb base, on the portal itself unless the policy names it
    sign_in: str
    refresh: str
    sign_out: str
    audit: str
    marks: str
    notice: str  # the portal's words for the sign-in page
    searches: str = ""  # where a user's saved searches are kept

    @property
    def origin(self) -> str:
        """The origin of the sign-in: where password and refresh token may go."""
        return origin(self.sign_in)


def describe(
    connection: Connection, portal: str, policy: Policy, stop: Stop | None = None
) -> PortalDescription:
    """Return the description of the portal at `portal`: from the policy where it says all, else by asking.

    Raises PortalFault when the portal describes itself unusably, or any PortalError of the connection.
    """
    if policy.fhir_base and policy.sign_in_url:
        return from_policy(policy)
    try:
        answer = connection.fetch("GET", urljoin(checked(portal), WELL_KNOWN), stop=stop, redirects=())
    except LedElsewhere:
        raise PortalFault(
            f"{display_host(portal)} sends us on to another address, and a password goes only to the portal "
            "that was named here. Nobody can sign in; check the portal's address."
        ) from None
    except Withdrawn:
        raise PortalFault(
            f"{display_host(portal)} is not a portal that Safelight knows: it does not describe itself. "
            "Check the portal's address."
        ) from None
    return read_description(answer.body, portal, policy)


def read_description(body: bytes, portal: str, policy: Policy) -> PortalDescription:
    """Read the well-known file of the portal at `portal`; the policy's own values come first.

    Raises PortalFault for anything that is not a usable description.
    """
    said = parse_object(body)
    sign_in = said.get("sign_in")
    if said.get("version") != 1 or type(sign_in) is not dict or sign_in.get("method") != "password":
        raise PortalFault(_UNUSABLE)
    described = _validated(
        PortalDescription(
            name=policy.portal_name or line(said.get("name"), 100) or display_host(portal),
            fhir=policy.fhir_base or _address(said, "fhir", portal),
            images=policy.image_base or _at_home(_address(said, "images", portal, needed=False), portal),
            sign_in=policy.sign_in_url or _address(sign_in, "url", portal),
            refresh=_address(sign_in, "refresh", portal),
            sign_out=_address(sign_in, "sign_out", portal, needed=False),
            audit=_address(said, "audit", portal, needed=False),
            marks=_address(said, "marks", portal, needed=False),
            notice=paragraphs(said.get("notice"), 2000),
            searches=_address(said, "searches", portal, needed=False),
        )
    )
    said_by_portal = [
        *([] if policy.sign_in_url else [described.sign_in]),
        *([] if policy.fhir_base else [described.fhir]),
    ]
    if any(origin(url) != origin(portal) for url in said_by_portal):
        raise PortalFault(
            f"{display_host(portal)} names another address for its sign-in or its reports, and a password "
            "goes only to the portal that was named here. Nobody can sign in; if that address is right, ask "
            "your administrator to name it in the policy."
        )
    return described


def from_policy(policy: Policy) -> PortalDescription:
    """Return the description that the policy gives; what has no field of its own lies beside the sign-in.

    Raises PortalFault when an address is not https.
    """
    beside = policy.sign_in_url
    return _validated(
        PortalDescription(
            name=policy.portal_name or display_host(policy.sign_in_url),
            fhir=policy.fhir_base,
            images=policy.image_base,
            sign_in=beside,
            refresh=urljoin(beside, "refresh"),
            sign_out=urljoin(beside, "sign-out"),
            audit=urljoin(beside, "audit"),
            marks=urljoin(beside, "marks"),
            notice="",
            searches=urljoin(beside, "searches"),
        )
    )


def _validated(description: PortalDescription) -> PortalDescription:
    home = description.origin
    own = (description.refresh, description.sign_out, description.audit, description.marks)
    for url in (*own, description.searches):
        if url and origin(url) != home:
            raise PortalFault(
                "This portal wants its sign-in to go to several addresses, which Safelight does not do. "
                "Nobody can sign in; tell the people who run the portal."
            )
    return PortalDescription(
        name=description.name,
        fhir=checked(description.fhir).rstrip("/"),
        images=checked(description.images).rstrip("/") if description.images else "",
        sign_in=checked(description.sign_in),
        refresh=description.refresh,
        sign_out=description.sign_out,
        audit=description.audit,
        marks=description.marks,
        notice=description.notice,
        searches=description.searches,
    )


def _at_home(url: str, portal: str) -> str:
    # The token goes along for images: to another address only where the policy names it.
    return url if url and origin(url) == origin(portal) else ""


def _address(said: Resource, name: str, portal: str, *, needed: bool = True) -> str:
    url = said.get(name)
    if url in (None, "") and not needed:
        return ""
    if type(url) is not str or not 0 < len(url) <= 2000:
        raise PortalFault(_UNUSABLE)
    try:
        return checked(urljoin(portal, url))
    except ValueError:
        raise PortalFault(_UNUSABLE) from None
