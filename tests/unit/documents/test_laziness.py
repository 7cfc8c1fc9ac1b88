"""What needs no parser loads none: the session itself composes texts and words for the search."""

import subprocess
import sys
from pathlib import Path

import pytest

PARSERS = ("pydicom", "striprtf", "numpy", "PIL", "nh3")
SETTING = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from client.documents import *
from client.model.report import Attachment, ReportBody
def report(data, kind):
    return ReportBody("", "Normal.", (Attachment(kind, "", "", data, None, None),), ())
rtf, html = report(b"{{\\\\rtf1 x}}", "text/rtf"), report(b"<html><p>x</p></html>", "text/html")
"""
LOADED = f"print([each for each in {PARSERS} if each in sys.modules])"


@pytest.mark.parametrize(
    ("done", "loaded"),
    [
        ("compose(report(b'FINDINGS: clear.', 'text/plain'), {})", []),
        ("plain_text(rtf); plain_text(html); needs_parsers(html, {}); worth_fetching(rtf)", []),
        ("compose(rtf, {})", ["striprtf"]),
        ("compose(html, {})", ["nh3"]),
    ],
)
def test_a_parser_loads_with_the_first_document_that_needs_it(done, loaded):
    command = [sys.executable, "-I", "-c", f"{SETTING}\n{done}\n{LOADED}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(loaded)


def test_loading_them_all_leaves_nothing_to_load():
    tried = (
        "from client.documents.parsers import load; load()\n"
        "import pydicom, pathlib\n"
        "files = pathlib.Path(pydicom.__file__).parent / 'data/test_files'\n"
        "data = [(files / name).read_bytes() for name in ('test-SR.dcm', 'reportsi.dcm', 'CT_small.dcm')]\n"
        "before = set(sys.modules)\n"
        "compose(rtf, {}); compose(html, {})\n"
        "for each in data: compose(report(each, ''), {})\n"
        "print(sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-I", "-c", f"{SETTING}\n{tried}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
