"""The command `safelight`: hands over to the doorkeeper, or asks the running one to end the session.

Exit codes: 0 the window was closed, or the session asked for is gone; 1 the sign-in page cannot be shown,
or the end of a session could not be confirmed; 2 an option is wrong; 3 `--end-session` found no session.
"""

from __future__ import annotations

import sys

from client import child

TYPE_CHECKING = False  # typing itself would cost 4 ms before the first process is started
if TYPE_CHECKING:
    from collections.abc import Callable

    from client.control import ControlServer

_COMMANDS = frozenset({"--end-session", "--version", "--help", "-h"})
_NO_SESSION = 3


def main() -> int:
    """Run the command; return its exit code."""
    words = sys.argv[1:]
    if getattr(sys, "frozen", False) and words[:1] == [child.SESSION_PROCESS]:
        from client.app import main as session_process

        return session_process(words[1:])
    if getattr(sys, "frozen", False) and words[:1] == [child.DARKROOM_PROCESS]:
        return _be_of_the_darkroom(words[1:])
    if _COMMANDS.intersection(words):
        _read_options(words)  # ends the program for --help, --version and wrong options
        return _end_session()
    try:
        first = child.start(words)  # before anything else: the sign-in page waits for it
    except OSError:
        print(
            "The sign-in page cannot be shown: this computer does not start another process.", file=sys.stderr
        )
        return 1
    try:
        _read_options(words)
    except SystemExit:
        first.kill()
        first.wait()
        raise
    return _keep_door(words, first)


def _be_of_the_darkroom(words: list[str]) -> int:
    if words == ["client.darkroom.keeper"]:
        from client.darkroom.keeper import main as darkroom_process
    else:
        from client.darkroom.spare_process import main as darkroom_process
    return darkroom_process()


def _keep_door(words: list[str], first: child.Child) -> int:
    from client.doorkeeper import Doorkeeper, EndAsked

    doorkeeper = Doorkeeper(lambda: child.start(words))
    doorkeeper.show_first(first)
    control = _listen_for_requests(lambda reply: doorkeeper.put(EndAsked(reply)))
    try:
        return doorkeeper.run()
    finally:
        if control is not None:
            control.close()


def _listen_for_requests(asked: Callable[[Callable[[bool], None]], None]) -> ControlServer | None:
    from client.control import ControlServer
    from client.errors import SafelightError
    from client.system.folders import runtime_folder

    try:
        return ControlServer(runtime_folder(), asked)
    except (OSError, SafelightError):
        print(
            "Safelight runs, but `safelight --end-session` will not reach it: it has no private folder.",
            file=sys.stderr,
        )
        return None


def _end_session() -> int:
    from client.control import Outcome, end_sessions
    from client.errors import SafelightError
    from client.system.folders import runtime_folder

    try:
        outcome = end_sessions(runtime_folder())
    except SafelightError as problem:
        print(problem, file=sys.stderr)
        return 1
    sentence, code = {
        Outcome.ENDED: ("The session has ended. Nothing of it is left on this computer.", 0),
        Outcome.NONE_RAN: ("Nobody is signed in.", _NO_SESSION),
        Outcome.NOT_CERTAIN: ("Safelight did not confirm the end of the session. Look at its window.", 1),
    }[outcome]
    print(sentence)
    return code


def _read_options(words: list[str]) -> None:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    from client import __version__

    parser = ArgumentParser(
        prog="safelight",
        allow_abbrev=False,
        formatter_class=RawDescriptionHelpFormatter,
        description="Read radiology reports without exposing them. Without options: the sign-in page.",
        epilog="Exit codes: 0 done, 1 the sign-in page cannot be shown or the end cannot be confirmed,\n"
        "2 an option is wrong, 3 --end-session found nobody signed in.",
    )
    parser.add_argument(
        "--portal", metavar="URL", help="the portal to sign in to, where the policy names none"
    )
    parser.add_argument(
        "--ca-file",
        metavar="FILE",
        help="certificate authorities (PEM) to trust besides the system's, where the policy names none",
    )
    parser.add_argument(
        "--end-session",
        action="store_true",
        help="end the running session and wait until nothing of it is left; the next sign-in page appears",
    )
    parser.add_argument("--version", action="version", version=f"Safelight {__version__}")
    parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
