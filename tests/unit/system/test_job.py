"""Windows' job object, against a fake of the kernel: never run on Windows."""

import ctypes
import os
import sys
from types import SimpleNamespace

import pytest

from client.system.job import Job, JobChild


class FakeKernel:
    """Remembers what it was asked."""

    def __init__(self, takes=True):
        self.takes = takes
        self.flags = None
        self.taken = []

    def CreateJobObjectW(self, security, name):
        return 7

    def SetInformationJobObject(self, job, kind, limits, size):
        assert (job, kind) == (7, 9)
        raw = ctypes.cast(limits, ctypes.POINTER(ctypes.c_uint32))
        self.flags = raw[4]  # behind two 64-bit times
        return 1

    def AssignProcessToJobObject(self, job, process):
        self.taken.append((job, process))
        return self.takes


def test_job_ends_its_processes_with_its_last_handle():
    kernel = FakeKernel()
    Job(kernel)
    assert kernel.flags == 0x2000


def test_child_is_taken_into_the_job_and_speaks_by_pipes():
    kernel = FakeKernel()
    child = JobChild([sys.executable, "-c", "print('ready')"], dict(os.environ), Job(kernel))
    assert os.read(child.reading, 100).split() == [b"ready"]
    assert child.wait() == 0
    assert child.gone()
    child.close()
    assert kernel.taken == [(7, 0)]


def test_child_that_the_job_does_not_take_is_not_left_behind():
    with pytest.raises(OSError, match="does not take"):
        JobChild([sys.executable, "-c", "input()"], dict(os.environ), Job(FakeKernel(takes=False)))


def test_no_job_means_no_child():
    with pytest.raises(OSError, match="does not give"):
        Job(SimpleNamespace(CreateJobObjectW=lambda *_: 0))
