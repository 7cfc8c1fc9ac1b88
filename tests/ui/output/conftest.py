"""A desk with a real CUPS-like `lp` and `lpstat` of the test's own, which keep what they are given."""

import os
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument

from client.model.user import Role, User
from client.policy.table import Policy
from client.session.output import Output

_LPSTAT = """#!/bin/sh
case "$1" in
-e) cat "{folder}/printers" ;;
-d) echo "system default destination: Ward" ;;
esac
"""
_LP = """#!/bin/sh
echo "$@" >> "{folder}/arguments"
[ -e "{folder}/jammed" ] && exit 1
cat > "{folder}/job"
"""


@pytest.fixture
def cups(tmp_path, monkeypatch):
    """Commands named as CUPS's are, in a folder of their own."""
    folder = tmp_path / "cups"
    folder.mkdir()
    for name, text in (("lpstat", _LPSTAT), ("lp", _LP)):
        (folder / name).write_text(text.format(folder=folder))
        (folder / name).chmod(0o755)
    (folder / "printers").write_text("Front\nWard\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def session(lanes, open_pages):
    """What the pages need of a session, over real threads and a real darkroom."""
    noted = []
    here = {}
    made = SimpleNamespace(
        user=User("a.reader", "Dr Ada Reader", Role.RADIOLOGIST, None),
        worklist=here,
        noted=noted,
        open_pages=lambda one: open_pages(one.data, one.kind),
    )

    def allow(**rules):
        made.policy = Policy(**rules)
        made.output = Output(made.policy, lanes, lambda act, one, word: noted.append((act, one.key, word)))

    made.allow = allow
    allow()
    return made


@pytest.fixture
def read_pdf(qapp):
    """Return the texts of a PDF's pages."""

    def read(data, password=""):
        buffer = QBuffer()
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        pdf = QPdfDocument()
        if password:
            pdf.setPassword(password)
        pdf.load(buffer)
        if pdf.error() is not QPdfDocument.Error.None_:
            return None
        texts = [" ".join(pdf.getAllText(page).text().split()) for page in range(pdf.pageCount())]
        pdf.close()
        return texts

    return read
