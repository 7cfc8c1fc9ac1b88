"""A real Orthanc with its DICOMweb plugin, started for a test: own store, own port, TLS in front.

The Orthanc of Debian 12 dies at its first TLS handshake, so TLS ends in front of it, as it does in most
hospitals. Debian's own service, where it runs, has another port and another store, and does not matter.
"""

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

TOKEN = "an-access-token-of-the-tests"
_FOLDERS = ("/usr/share/orthanc/plugins", "/usr/lib/orthanc")
_PLUGINS = [Path(folder) / "libOrthancDicomWeb.so" for folder in _FOLDERS]

# Orthanc asks this before every request: whoever does not bring the token gets 403.
_GATE = f"""
function IncomingHttpRequestFilter(method, uri, ip, username, headers)
  return headers["authorization"] == "Bearer {TOKEN}"
end
"""


def find():
    """The program and its plugin; skips where Debian's packages are not installed."""
    program = shutil.which("Orthanc", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    plugin = next((path for path in _PLUGINS if path.exists()), None)
    if program is None or plugin is None:
        pytest.skip("Orthanc with its DICOMweb plugin is not installed: apt-get install orthanc-dicomweb")
    return program, plugin


class Orthanc:
    """A running Orthanc: `url` has TLS."""

    def __init__(self, url, plain, authority):
        self.url = url
        self.dicom_web = f"{url}/dicom-web"
        self._plain = plain
        self.authority = authority

    def store(self, path):
        """Import a DICOM file."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                f"{self._plain}/instances", data=Path(path).read_bytes(), timeout=60,
                headers={"Authorization": f"Bearer {TOKEN}"},
            )  # fmt: skip
            answer.raise_for_status()


@contextmanager
def running(folder, authority):
    """Start it in `folder`, with a certificate of `authority` in front."""
    program, plugin = find()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "gate.lua").write_text(_GATE)
    configuration = {
        "StorageDirectory": str(folder / "store"),
        "IndexDirectory": str(folder / "store"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,  # loopback only
        "AuthenticationEnabled": False,  # the gate decides
        "DicomServerEnabled": False,
        "DefaultEncoding": "Utf8",
        "Plugins": [str(plugin)],
        "LuaScripts": [str(folder / "gate.lua")],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "Ssl": True},
    }
    (folder / "orthanc.json").write_text(json.dumps(configuration))
    command = [program, str(folder / "orthanc.json")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        started = threading.Event()
        lines = threading.Thread(target=_listen, args=(process.stderr, started), daemon=True)
        lines.start()
        try:
            assert started.wait(60), "Orthanc did not start"
            with _tls(port, authority.issue()) as front:
                yield Orthanc(f"https://127.0.0.1:{front}", f"http://127.0.0.1:{port}", authority.file)
        finally:
            process.terminate()
            process.wait(30)
            lines.join(30)


def _listen(stream, started):
    for line in stream:
        if "Orthanc has started" in line:
            started.set()


@contextmanager
def _tls(port, certificate):
    """End TLS here and pass everything on to `port`; gives the port to connect to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def open_front():
        return await asyncio.start_server(lambda *pair: _pass_on(*pair, port), "127.0.0.1", 0, ssl=context)

    async def close_front(server):
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(open_front(), loop).result(30)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(close_front(server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _pass_on(reader, writer, port):
    behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.gather(_pump(reader, behind_writer), _pump(behind_reader, writer))
    finally:
        for each in (writer, behind_writer):
            each.transport.abort()


async def _pump(reader, writer):
    with suppress(OSError):
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
        writer.close()
