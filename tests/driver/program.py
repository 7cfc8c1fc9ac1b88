"""The outside half of the test driver: starts a real portal and the real program, and asks the latter.

Every process started here is ended here, by its own id.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# The doorkeeper as shipped, except for which module its session processes run: the agent around `client.app`.
_KEEPER = """
import sys
root, agents = sys.argv[1], sys.argv[2]
sys.path.insert(0, root)
from client import child
plain = child.command
def command(words):
    arguments = plain(words)
    place = arguments.index("-c") + 1
    start = arguments[place].replace("client.app", "tests.driver.agent")
    return [*arguments[:place], start, arguments[place + 1], agents, *arguments[place + 2 :]]
child.command = command
sys.argv[1:] = sys.argv[3:]
from client.__main__ import main
sys.exit(main())
"""


def wait_for(what: str, look: Callable[[], Any], seconds: float = 30) -> Any:
    """Look again and again until the answer is true; the only place of the driver that waits."""
    end = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.01)


@dataclass
class Home:
    """A user's home of its own: every folder the program may write to lies in it."""

    path: Path
    more: dict[str, str] = field(default_factory=dict)  # what else the environment says, or says otherwise

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a user who lives there."""
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "DISPLAY", "XAUTHORITY") if name in os.environ
        }
        for name in ("run", "tmp", ".cache", ".config"):
            (self.path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return kept | {
            "HOME": str(self.path),
            "TMPDIR": str(self.path / "tmp"),
            "XDG_RUNTIME_DIR": str(self.path / "run"),
            "QT_QPA_PLATFORM": os.environ.get("SAFELIGHT_TEST_PLATFORM", "offscreen"),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "DBUS_SYSTEM_BUS_ADDRESS": os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent"),
            **self.more,
        }

    def prefer(self, **preferences: str | int | float | bool) -> None:
        """Write the user's preferences (they can only tighten)."""
        folder = self.path / ".config" / "safelight"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [f"{name} = {json.dumps(value)}" for name, value in preferences.items()]
        (folder / "preferences.toml").write_text("\n".join(lines) + "\n")


class Portal:
    """A real portal process."""

    PASSWORD = "correct horse battery staple"

    def __init__(self, state: Path, *options: str, faults: bool = False) -> None:
        self.state = state
        environment = {**os.environ}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if faults:
            environment["SAFELIGHT_PORTAL_FAULTS"] = "yes-this-is-a-test"
            options = (*options, "--faults")
        self._environment = environment
        self.log = (state.parent / f"{state.name}.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server_stub", "serve", "--state", str(state), *options],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        if words[:1] != ["ready"]:
            self.close()
            raise AssertionError("the portal did not start; see " + self.log.name)
        self.url, self.ca = words[1], words[3]

    def add_user(self, name: str, role: str = "radiologist", *more: str) -> None:
        """Add a sign-in; its password is `PASSWORD`."""
        subprocess.run(
            [
                sys.executable,
                "-m",
                "server_stub",
                "users",
                "add",
                name,
                "--role",
                role,
                *more,
                "--state",
                str(self.state),
            ],
            cwd=ROOT,
            input=self.PASSWORD + "\n",
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def fault(self, match: str, fault: str, **more: Any) -> None:
        """Switch a fault on."""
        self._control("POST", {"match": match, "fault": fault, **more})

    def clear_faults(self) -> None:
        """Switch all faults off."""
        self._control("DELETE", None)

    def _control(self, method: str, body: dict[str, Any] | None) -> None:
        import requests

        answer = requests.request(method, self.url + "/portal/faults", json=body, verify=self.ca, timeout=10)
        answer.raise_for_status()

    def close(self) -> None:
        """End the process."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()


class Program:
    """The real program: a doorkeeper and its session processes."""

    def __init__(self, home: Home, *options: str, within: Sequence[str] = ()) -> None:
        """Start it; `within` is a command that starts another, such as `unshare`."""
        self.home = home
        self._words = ""
        # Unix socket names are short; the home of a test often is not.
        self._agents = Path(tempfile.mkdtemp(prefix="sl"))
        self.keeper = subprocess.Popen(
            [*within, sys.executable, "-c", _KEEPER, str(ROOT), str(self._agents), *options],
            env=home.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def sessions(self) -> dict[int, dict[str, Any]]:
        """Return what each living session process shows, by process id."""
        seen = {}
        for path in self._agents.glob("*.agent"):
            with contextlib.suppress(OSError, ValueError):
                answer = self.ask("see", pid=int(path.stem))
                if answer is not None:  # None: it ended while answering
                    seen[int(path.stem)] = answer
        return seen

    def shown(self, screen: str | None = None, seconds: float = 30, **more: Any) -> int:
        """Wait until a process shows `screen` (any, if None) and all of `more`; return its id."""

        def look() -> int | None:
            for pid, seen in self.sessions().items():
                there = seen["visible"] and screen in (None, seen["screen"])
                if there and all(seen.get(name) == value for name, value in more.items()):
                    return pid
            return None

        return int(wait_for(f"a session process showing {screen} {more}", look, seconds))

    def ask(self, do: str, *, pid: int | None = None, **arguments: Any) -> Any:
        """Have a session process (the shown one) do something and return its answer."""
        pid = pid or self.shown()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(130)
            connection.connect(str(self._agents / f"{pid}.agent"))
            with connection.makefile("rw", encoding="utf-8") as lines:
                lines.write(json.dumps({"do": do, **arguments}) + "\n")
                lines.flush()
                answer = json.loads(lines.readline() or "{}")
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer.get("ok")

    def tell(self, do: str, pid: int) -> None:
        """Have a session process do something that it does not live to answer."""
        with contextlib.suppress(OSError, ValueError):
            self.ask(do, pid=pid)

    def sign_in(self, user: str, password: str = Portal.PASSWORD, seconds: float = 30) -> int:
        """Sign in and wait for the reading page; return the session's process id."""
        pid = self.shown("sign-in")
        self.ask("sign_in", pid=pid, user=user, password=password)
        wait_for("the reading page", lambda: self.ask("see", pid=pid)["screen"] == "reading", seconds)
        return pid

    def loaded(self, pid: int, seconds: float = 60) -> dict[str, Any]:
        """Wait until the worklist is complete; return what is seen."""
        wait_for("the worklist", lambda: self.ask("see", pid=pid).get("complete"), seconds)
        return dict(self.ask("see", pid=pid))

    def whole(self, pid: int, seconds: float = 60) -> dict[str, Any]:
        """Wait until every report is here and nothing is known to be missing; return what is seen."""

        def look() -> dict[str, Any] | None:
            seen = dict(self.ask("see", pid=pid))
            known = seen.get("complete") and not seen["failure"] and not seen["incomplete"]
            return seen if known else None

        return dict(wait_for("the whole worklist", look, seconds))

    def described(self, pid: int) -> None:
        """Wait until the sign-in page knows its portal, as it does by the time a name is typed."""
        wait_for("the portal's description", lambda: self.ask("see", pid=pid).get("described"))

    def waiting_ready(self, pid: int) -> None:
        """Wait until the next session process waits, hidden."""
        wait_for(
            "a waiting process",
            lambda: any(other != pid and not seen["visible"] for other, seen in self.sessions().items()),
        )

    def gone(self, pid: int, seconds: float = 10) -> None:
        """Wait until a process is gone."""
        wait_for(f"the end of process {pid}", lambda: not Path(f"/proc/{pid}").exists(), seconds)

    def descendants(self) -> list[int]:
        """Return the ids of the doorkeeper's living children."""
        children = Path(f"/proc/{self.keeper.pid}/task/{self.keeper.pid}/children")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in children.read_text().split()]
        return []

    def close(self) -> str:
        """End the doorkeeper and all it started; return what it wrote to standard error."""
        children = self.descendants()
        if self.keeper.poll() is None:
            self.keeper.terminate()
            try:
                self.keeper.wait(10)
            except subprocess.TimeoutExpired:
                self.keeper.kill()
                self.keeper.wait()
        for pid in children:
            if Path(f"/proc/{pid}").exists():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        assert self.keeper.stderr is not None
        if not self.keeper.stderr.closed:
            with self.keeper.stderr as stream:
                self._words = stream.read().decode(errors="replace")
        shutil.rmtree(self._agents, ignore_errors=True)
        return self._words


@contextlib.contextmanager
def running(home: Home, *options: str, within: Sequence[str] = ()) -> Iterator[Program]:
    """Run the program for the length of a block."""
    program = Program(home, *options, within=within)
    try:
        yield program
    finally:
        program.close()
