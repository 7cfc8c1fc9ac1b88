"""The command line of the portal: `python -m server_stub` or `safelight-portal`.

Must never: take a password as an argument, where other processes could read it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import getpass
import logging
import math
import os
import sqlite3
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from server_stub.application import DEFAULT_NAME, Settings, make_application
from server_stub.faults.consent import FaultsRefusedError, require_consent
from server_stub.faults.install import serve_with_faults
from server_stub.intake.complaints import Complaints
from server_stub.intake.dicom import Studies, read_image
from server_stub.intake.files import read_paths
from server_stub.intake.importer import Taken, as_batches, count_reports, take
from server_stub.serving import bind, make_context, make_server, run
from server_stub.store.certificates import ensure_certificate, renew_authority, renew_certificate
from server_stub.store.database import Database
from server_stub.store.folder import StateError, StateFolder, temporary_folder
from server_stub.store.images import Develop, Image, ImageStore
from server_stub.store.sessions import Lifetimes, Sessions
from server_stub.store.users import Role, UserError, Users

DEMO_REPORTS = 520
DEMO_SEED = 1
_log = logging.getLogger("server_stub")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 done, 1 could not, 2 wrong arguments)."""
    os.umask(0o077)
    asked = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # What pydicom has to say of a file quotes it.
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="pydicom")
    try:
        return int(asked.command(asked))
    except (StateError, UserError, FaultsRefusedError) as error:
        print(error, file=sys.stderr)
    except sqlite3.DatabaseError:
        print(
            "The portal's database cannot be used; is the state folder one of this program?", file=sys.stderr
        )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("safelight-portal", description="A complete radiology report portal.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve reports over TLS")
    serve.add_argument("--data", nargs="+", action="extend", type=Path, default=[], metavar="PATH")
    serve.add_argument(
        "--demo", nargs="?", type=_count, const=DEMO_REPORTS, metavar="N", help="demonstration data"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one")
    serve.add_argument(
        "--state", type=Path, metavar="DIR", help="kept between runs; a private temporary one if absent"
    )
    serve.add_argument("--name", default=DEFAULT_NAME)
    serve.add_argument("--notice", default="", help="shown before sign-in")
    serve.add_argument("--access-minutes", type=_positive, default=5.0, help="life of an access token")
    serve.add_argument("--session-hours", type=_positive, default=10.0, help="life of a session")
    serve.add_argument("--faults", action="store_true", help="for tests only; see README")
    serve.set_defaults(command=_serve)

    data = commands.add_parser("data", help="take more data, also while serving")
    data.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    data.add_argument("--state", type=Path, required=True, metavar="DIR")
    data.set_defaults(command=_take_data)

    users = commands.add_parser("users", help="who may sign in").add_subparsers(
        required=True, metavar="COMMAND"
    )
    add = users.add_parser("add", help="the password is asked for, or read from standard input")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--practitioner", metavar="ID", help="the FHIR Practitioner they are")
    add.add_argument("--display", default="", metavar="TEXT")
    add.set_defaults(command=_add_user)
    listing = users.add_parser("list")
    listing.set_defaults(command=_list_users)
    disable = users.add_parser("disable", help="ends their sessions, too")
    disable.add_argument("name")
    disable.set_defaults(command=_disable_user)
    for command in (add, listing, disable):
        command.add_argument("--state", type=Path, required=True, metavar="DIR")

    certificate = commands.add_parser("certificate", help="the portal's own certificate")
    renew = certificate.add_subparsers(required=True, metavar="COMMAND").add_parser("renew")
    renew.add_argument("--authority", action="store_true", help="a new authority, too: clients must be told")
    renew.add_argument("--host", default="127.0.0.1")
    renew.add_argument("--state", type=Path, required=True, metavar="DIR")
    renew.set_defaults(command=_renew)
    return parser


def _serve(asked: argparse.Namespace) -> int:
    if asked.faults:
        require_consent(asked.host)
    with contextlib.ExitStack() as stack:
        folder = StateFolder.open(asked.state) if asked.state else stack.enter_context(temporary_folder())
        try:
            listener = bind(asked.host, asked.port)
        except OSError as error:
            print(f"{asked.host} port {asked.port} cannot be had: {error.strerror}.", file=sys.stderr)
            return 1
        stack.callback(listener.close)
        ensure_certificate(folder, asked.host)
        database = Database(folder.database)
        stack.callback(database.close)
        images = ImageStore(database, folder.images, _developer(database))
        _take(database, images, asked.data, asked.demo)
        lifetimes = Lifetimes(timedelta(minutes=asked.access_minutes), timedelta(hours=asked.session_hours))
        app = make_application(database, images, Settings(asked.name, asked.notice, lifetimes))
        context = make_context(folder.certificate)
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        line = f"ready https://{host}:{listener.getsockname()[1]} CA {folder.authority}"

        def ready() -> None:
            print(line, flush=True)

        if asked.faults:
            expire = Sessions(database, lifetimes, time.time).expire
            asyncio.run(serve_with_faults(app, context, listener, asked.host, expire, ready))
        else:
            asyncio.run(run(make_server(app, context, ready), listener))
    return 0


def _take_data(asked: argparse.Namespace) -> int:
    with _database(asked.state) as database:
        images = ImageStore(database, StateFolder.open(asked.state).images)
        return 0 if _take(database, images, asked.paths, None) else 1


def _take(database: Database, images: ImageStore, paths: list[Path], demo: int | None) -> bool:
    """Take demonstration data and files; returns whether everything was taken."""
    complaints = Complaints()
    if demo is not None:
        from server_stub.demo import generate  # only here: it brings the PDF writer along
        from server_stub.demo.pictures.plan import noted

        planned: list[tuple[str, str, str]] = []
        resources = noted(generate(demo, DEMO_SEED), planned)
        _report(take(database, as_batches(resources, "demo")))
        images.plan(planned)
    if paths:
        studies = Studies(images)
        _report(take(database, read_paths(paths, complaints, studies)))
        studies.record()
        complaints.finish()
    _log.info("the portal holds %d reports", count_reports(database))
    return complaints.total == 0


def _developer(database: Database) -> Develop:
    def make(study: str, recipe: str) -> Iterator[tuple[Image, bytes]]:
        from server_stub.demo.pictures.develop import develop  # only here: the PDF writer and numpy

        for content in develop(database.reader(), study, recipe):
            yield read_image(content), content

    return make


def _report(taken: Taken) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(taken.versions.items()))
    _log.info("taken: %s; known already: %d", kinds or "nothing new", taken.known)


def _add_user(asked: argparse.Namespace) -> int:
    practitioner = asked.practitioner.removeprefix("Practitioner/") if asked.practitioner else None
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {asked.name}: ")
        if getpass.getpass("The same again: ") != password:
            raise UserError("The two passwords differ; nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with _database(asked.state) as database:
        Users(database).add(asked.name, Role(asked.role), practitioner, asked.display, password)
    return 0


def _list_users(asked: argparse.Namespace) -> int:
    with _database(asked.state) as database:
        for user in Users(database).all():
            state = "disabled" if user.disabled else "active"
            print("\t".join((user.name, user.role.value, user.practitioner or "-", state, user.display)))
    return 0


def _disable_user(asked: argparse.Namespace) -> int:
    with _database(asked.state) as database:
        Users(database).disable(asked.name)
    return 0


def _renew(asked: argparse.Namespace) -> int:
    folder = StateFolder.open(asked.state)
    if asked.authority or not folder.authority.exists():
        renew_authority(folder, asked.host)
    else:
        renew_certificate(folder, asked.host)
    return 0


@contextlib.contextmanager
def _database(state: Path) -> Iterator[Database]:
    database = Database(StateFolder.open(state).database)
    try:
        yield database
    finally:
        database.close()


def _positive(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError("must be greater than 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


if __name__ == "__main__":
    sys.exit(main())
