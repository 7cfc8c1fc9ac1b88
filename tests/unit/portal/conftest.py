"""A real TLS server whose every answer a test decides, byte by byte if it likes, and its certificates."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from client.portal.connection import Connection
from client.portal.trust import make_context

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test authority {name}")])
        self.certificate = (
            self._builder(self.name, self.name, self.key.public_key(), NOW - DAY, NOW + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, *, host="127.0.0.1", start=NOW - DAY, end=NOW + DAY, self_signed=False):
        """Return the path of a PEM file with a key and its certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a portal")])
        try:
            name = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        issuer, signer = (subject, key) if self_signed else (self.name, self.key)
        certificate = (
            self._builder(subject, issuer, key.public_key(), start, end)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        path = self.folder / f"server-{x509.random_serial_number():x}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    @staticmethod
    def _builder(subject, issuer, key, start, end):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )


@dataclass
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self):
        return orjson.loads(self.body)


def answer(status=200, body=b"", *, content_type="application/json", **headers):
    """Return a whole answer as bytes; `Retry_After="3"` becomes the header Retry-After."""
    if not isinstance(body, bytes):
        body = orjson.dumps(body)
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Silence:
    """Instead of an answer: wait until the other side gives up."""


class TlsServer:
    """Speaks TLS on loopback; `answers`, or what it returns for a request, is bytes, Silence or a list."""

    def __init__(self, certificate: Path, answers, *, context=None, plain=False, silent_handshake=False):
        self.answers = answers
        self.asked: list[Asked] = []
        self.connections = 0
        self._context = context or ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._plain = plain
        self._silent_handshake = silent_handshake
        self._closing = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        self.waiting = threading.Event()  # set when a request waits for an answer that does not come
        self._start(self._accept)

    def close(self):
        self._closing.set()
        for each in [self._listener, *self._sockets]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while not self._closing.is_set():
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(raw)
            self.connections += 1
            self._start(self._serve, raw)

    def _serve(self, raw):
        try:
            if self._silent_handshake:
                self.waiting.set()
                self._closing.wait(30)
                return
            if self._plain:
                raw.sendall(answer(400))
                return
            sock = self._context.wrap_socket(raw, server_side=True)
            self._sockets.append(sock)
            with sock, sock.makefile("rb") as file:
                while not self._closing.is_set() and self._one(sock, file):
                    pass
        except (OSError, ValueError):
            pass
        finally:
            raw.close()

    def _one(self, sock, file):
        first = file.readline().decode("latin-1").split()
        if len(first) < 3:
            return False
        headers = {}
        while (text := file.readline().decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = file.read(int(headers.get("content-length", "0")))
        asked = Asked(first[0], first[1], headers, body)
        self.asked.append(asked)
        said = self.answers(asked) if callable(self.answers) else self.answers
        for part in said if isinstance(said, list) else [said]:
            if part is None:
                return False
            if isinstance(part, Silence):
                self.waiting.set()
                sock.settimeout(30)
                sock.recv(1)
                return False
            sock.sendall(part)
        return True


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve(authority):
    """Start TLS servers that end with the test."""
    servers = []

    def start(answers, *, certificate=None, **options):
        server = TlsServer(certificate or authority.issue(), answers, **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def connect(authority):
    """Make connections that end with the test."""
    made = []

    def make(ca_file=None, clock=None):
        connection = Connection(make_context(ca_file or authority.file), clock)
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()
