"""What a process does once it took a document, as the kernel saw it: it opens letters at most."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from client.darkroom.composing import compose_in
from client.darkroom.task import Task
from client.model.report import Attachment, ReportBody
from tests.unit.darkroom.processes import comes, keeper_of
from tests.unit.darkroom.samples import DICOM, HTML, RTF, japanese, page, pdf, tiff

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("strace") is None, reason="strace is not here"
)

# Everything by which a process gets at a file, another process or the network.
REACHING = (
    "open,openat,openat2,creat,memfd_create,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,link,symlink,"
    "socket,socketpair,connect,bind,sendmsg,sendmmsg,execve,execveat,fork,vfork,clone,clone3,kill,tkill,tgkill,"
    "ptrace,process_vm_readv,process_vm_writev,prctl,setrlimit,prlimit64"
)


def _compose(content_type, data):
    body = ReportBody("", "", (Attachment(content_type, "", "", data, None, None),), ())
    return lambda darkroom: compose_in(darkroom, body, {})


def _desk(task, data, *questions):
    def look(darkroom):
        with darkroom.open(task, {}, data) as desk:
            for question in questions:
                desk.ask(question)

    return look


_HARMLESS = ('"/sys/devices/system/cpu', '"/proc/stat"', "PR_SET_VMA")
_LETTERS = re.compile(r'openat\(AT_FDCWD, "/usr/share/fonts/[^"]+", O_RDONLY\) = \d+')
DOCUMENTS = {
    "HTML": _compose("text/html", HTML),
    "RTF": _compose("application/rtf", RTF),
    "SR": _compose("application/dicom", (DICOM / "test-SR.dcm").read_bytes()),
    "Japanese": _compose("text/html; charset=iso-2022-jp", "<p>所見：異常なし</p>".encode("iso-2022-jp")),
    "PDF": _desk(
        Task.PDF,
        pdf("One page", "Another page"),
        {"what": "page", "page": 1, "scale": 2},
        {"what": "text", "page": 0},
        {"what": "words", "page": 1},
        {"what": "boxes", "page": 0, "spans": [[0, 3]]},
    ),
    "PDF without letters": _desk(Task.PDF, japanese(), {"what": "page", "page": 0, "scale": 1}),
    "TIFF": _desk(Task.SCAN, tiff(page(), page("1")), {"page": 1, "scale": 0.5}, {"page": 0, "scale": 1}),
    "DICOM": _desk(Task.IMAGE, (DICOM / "MR_small_jpeg_ls_lossless.dcm").read_bytes(), {"page": 0}),
    "DICOM, colour": _desk(Task.IMAGE, (DICOM / "SC_rgb_jpeg_dcmtk.dcm").read_bytes(), {"page": 0}),
}


def _said_by(log):
    return {path: path.read_text(errors="replace").splitlines() for path in log.parent.glob(f"{log.name}.*")}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_is_opened_or_reached_once_a_document_was_taken(kind, own, tmp_path):
    own.start()
    DOCUMENTS[kind](own)  # the first process is there, and what it prepares in a lull does not matter here
    keeper = keeper_of(os.getpid())
    log = tmp_path / "trace"
    calls = f"trace={REACHING},read,recvfrom,sendto,write"
    command = ["strace", "-ff", "-qq", "-e", calls, "-o", str(log), "-p", str(keeper)]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        assert comes(lambda: f"TracerPid:\t{tracer.pid}" in Path(f"/proc/{keeper}/status").read_text())
        DOCUMENTS[kind](own)  # the one that waits was there before the tracer
        DOCUMENTS[kind](own)
        own.close()
    finally:
        tracer.terminate()
        tracer.wait()
    children = {path: lines for path, lines in _said_by(log).items() if path.suffix != f".{keeper}"}
    worked = 0
    for lines in children.values():
        taken = [at for at, line in enumerate(lines) if re.match(r"(recvfrom|read)\(0, ", line)]
        answered = [at for at, line in enumerate(lines) if re.match(r"(sendto|write)\(0, ", line)]
        if not taken or not answered:
            continue  # it was ended while it waited
        worked += 1
        after = lines[taken[0] :]
        reaching = [line for line in after if re.match(rf"(?:{REACHING.replace(',', '|')})\(", line)]
        reaching = [line for line in reaching if not _LETTERS.match(line)]
        refused = [line for line in reaching if "= -1 EPERM" in line]
        assert reaching == refused
        # A library may ask how many processors there are, PDF's allocator gives its memory names; nothing
        # that is needed may be missed.
        missed = [line for line in refused if not any(harmless in line for harmless in _HARMLESS)]
        assert missed == []
    assert worked, "no process was seen at work: the trace is blind"
