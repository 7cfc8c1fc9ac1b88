"""Windows: session processes live in a job object that ends them with the doorkeeper.

Owns: starting a session process there, with the same face as `client.child.Child`.
Must never: be imported elsewhere than on Windows, except by its tests.
Written from the documentation and tested against a fake: never run on Windows.
"""

from __future__ import annotations

import ctypes
import subprocess
from typing import Any, Protocol

from client.child import Child

_KILL_ON_JOB_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation


class _BasicLimits(ctypes.Structure):  # JOBOBJECT_BASIC_LIMIT_INFORMATION
    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class _ExtendedLimits(ctypes.Structure):  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION
    _fields_ = [
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


class Kernel(Protocol):
    """The part of kernel32 that is used; each answers 0 when it failed."""

    def CreateJobObjectW(self, security: None, name: None) -> int:
        """Return the handle of a new job."""
        ...

    def SetInformationJobObject(self, job: int, kind: int, limits: Any, size: int) -> int:
        """Set limits."""
        ...

    def AssignProcessToJobObject(self, job: int, process: int) -> int:
        """Put a process into the job."""
        ...


class Job:
    """A job whose processes end when its last handle is closed: with this process, however it ends."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
        self._handle = kernel.CreateJobObjectW(None, None)
        if not self._handle or not kernel.SetInformationJobObject(
            self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        ):
            raise OSError("Windows does not give a job object.")

    def take(self, process: int) -> None:
        """Put a process (its handle) into the job; OSError if Windows refuses."""
        if not self._kernel.AssignProcessToJobObject(self._handle, process):
            raise OSError("Windows does not take the process into the job object.")


class JobChild(Child):
    """A session process on Windows."""

    def __init__(self, arguments: list[str], environment: dict[str, str], job: Job) -> None:
        self._process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("There are no pipes to the process.")
        self.pid = self._process.pid
        self.reading, self.writing = self._process.stdout.fileno(), self._process.stdin.fileno()
        self.exit_code: int | None = None
        try:
            job.take(int(getattr(self._process, "_handle", 0)))
        except OSError:
            self._process.kill()  # one that could outlive us is not started at all
            self._process.wait()
            self.close()
            raise

    def gone(self) -> bool:
        """Return whether it has ended."""
        self.exit_code = self._process.poll()
        return self.exit_code is not None

    def kill(self) -> None:
        """End it without asking."""
        self._process.kill()

    def wait(self) -> int:
        """Block until it has ended; return its exit code."""
        self.exit_code = self._process.wait()
        return self.exit_code

    def hang_up(self) -> None:
        """Close our way to it: it reads end of file and ends."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def close(self) -> None:
        """Close both descriptors; only when nobody reads them any more."""
        self.hang_up()
        if self._process.stdout is not None:
            self._process.stdout.close()


_job: Job | None = None


def start_in_job(arguments: list[str], environment: dict[str, str]) -> JobChild:
    """Start a session process in this process's one job; OSError where Windows refuses."""
    global _job
    if _job is None:
        _job = Job(getattr(ctypes, "windll").kernel32)  # noqa: B009 (other systems' ctypes has no windll)
    return JobChild(arguments, environment, _job)
