"""The portal's own certificate authority, for machines where nobody gives it a real certificate.

Owns: making the authority and the certificate, and knowing when a new one is due.
Must never: make an authority that could vouch for any other host (RFC 5280, 4.2.1.10, name constraints).
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server_stub.store.folder import StateFolder

_AUTHORITY_LIFE = timedelta(days=3650)
_CERTIFICATE_LIFE = timedelta(days=90)
_RENEW_BEFORE = timedelta(days=14)
_CLOCK_SKEW = timedelta(hours=1)  # a client whose clock is a little behind must not see "not yet valid"


def ensure_certificate(folder: StateFolder, host: str) -> None:
    """Make what is missing, about to expire, or not made for `host`."""
    names = _names(host)
    if not (folder.authority.exists() and folder.authority_key.exists()) or not _covers_authority(
        folder, names
    ):
        renew_authority(folder, host)
    elif not _is_current(folder, names):
        renew_certificate(folder, host)


def renew_authority(folder: StateFolder, host: str) -> None:
    """Make a new authority and a certificate by it: clients that trusted the old one refuse from now on."""
    key, certificate = _make_authority(_names(host))
    folder.write(folder.authority_key, _pem(key))
    folder.write(folder.authority, certificate.public_bytes(serialization.Encoding.PEM))
    renew_certificate(folder, host)


def renew_certificate(folder: StateFolder, host: str) -> None:
    """Make a new certificate by the same authority."""
    authority = x509.load_pem_x509_certificate(folder.authority.read_bytes())
    key = serialization.load_pem_private_key(folder.authority_key.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(
            "The authority's key is not an elliptic-curve key; remove the state folder's ca files."
        )
    folder.write(folder.certificate, make_certificate(authority, key, host))


def make_stranger(host: str) -> bytes:
    """Return certificate and key, PEM, by an authority that nobody trusts: the changed-certificate fault."""
    key, authority = _make_authority(_names(host))
    return make_certificate(authority, key, host)


def make_certificate(authority: x509.Certificate, key: ec.EllipticCurvePrivateKey, host: str) -> bytes:
    """Return a server certificate and its key, PEM, for `host` and the loopback names."""
    own = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        _builder("Safelight portal", authority.subject, own.public_key(), now, _CERTIFICATE_LIFE)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + _pem(own)


def _make_authority(names: list[x509.GeneralName]) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    title = "Safelight portal authority"
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(title, issuer, key.public_key(), now, _AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([_constraint(name) for name in names], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _builder(
    title: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + life)
    )


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    own: x509.GeneralName
    try:
        own = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        own = x509.DNSName(host)
    return names if own in names else [*names, own]


def _constraint(name: x509.GeneralName) -> x509.GeneralName:
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(str(name.value)))
    return name


def _covers_authority(folder: StateFolder, names: list[x509.GeneralName]) -> bool:
    authority = x509.load_pem_x509_certificate(folder.authority.read_bytes())
    permitted = (
        authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    )
    lasts = authority.not_valid_after_utc > datetime.now(UTC) + _CERTIFICATE_LIFE
    return lasts and all(_constraint(name) in permitted for name in names)


def _is_current(folder: StateFolder, names: list[x509.GeneralName]) -> bool:
    if not folder.certificate.exists():
        return False
    certificate = x509.load_pem_x509_certificate(folder.certificate.read_bytes())
    held = list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    lasts = certificate.not_valid_after_utc > datetime.now(UTC) + _RENEW_BEFORE
    return lasts and all(name in held for name in names)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
