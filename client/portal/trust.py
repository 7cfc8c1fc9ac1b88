"""Whom we trust: the operating system's certificate authorities and the organisation's own, nobody else.

Owns: the one TLS context of a session. Must never: let an environment variable add, replace or weaken trust,
write TLS secrets to a key log, go below TLS 1.2 (NIST SP 800-52r2), or offer a way to switch checking off.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from pathlib import Path

import truststore

from client.child import MISLEADING_VARIABLES
from client.errors import PolicyError, PortalError

# Where Linux distributions keep their trust; the first that is there counts.
_SYSTEM_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")
_SYSTEM_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",  # older Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine
)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]")
_CA_FILE_LIMIT = 4 * 1024**2  # bytes


def drop_misleading_variables() -> None:
    """Remove from this process's environment what could change whom TLS libraries trust or what they log."""
    for name in MISLEADING_VARIABLES:
        os.environ.pop(name, None)


def make_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return the context for every connection to a portal.

    `ca_file` holds the organisation's own certificate authorities (PEM) and adds to the system's.
    Raises PolicyError when it cannot be read, PortalError when this system has no trust to start from.
    """
    drop_misleading_variables()
    context: ssl.SSLContext
    if sys.platform in ("win32", "darwin"):
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificate and host name
        _trust_system_files(context, needed=ca_file is None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        _trust_organisation(context, ca_file)
    return context


def _trust_system_files(context: ssl.SSLContext, needed: bool) -> None:
    # truststore finds these files on Linux through OpenSSL's defaults, which the environment can move, and
    # reads them again for each connection; so they are named here. A folder of hashed names is read lazily.
    for folder in _SYSTEM_FOLDERS:
        try:
            with os.scandir(folder) as entries:
                hashed = any(_HASHED.fullmatch(entry.name) for entry in entries)
        except OSError:
            continue
        if hashed:
            context.load_verify_locations(capath=folder)
            return
    for file in _SYSTEM_FILES:
        if Path(file).is_file():
            context.load_verify_locations(cafile=file)
            return
    if needed:
        raise PortalError(
            "This computer has no list of trusted certificate authorities, so no portal can be checked and "
            "nobody can sign in. Install the system's CA certificates, or name the organisation's CA file in "
            "the policy."
        )


def _trust_organisation(context: ssl.SSLContext, ca_file: Path) -> None:
    try:
        with ca_file.open("rb") as file:
            text = file.read(_CA_FILE_LIMIT)
        context.load_verify_locations(cadata=text.decode("ascii", "ignore"))
    except (OSError, ssl.SSLError, ValueError):
        raise PolicyError(
            f"The organisation's certificate file {ca_file} cannot be read, so the portal cannot be "
            "checked and nobody can sign in. Put the certificate authorities there in PEM form, "
            "readable for every user."
        ) from None
