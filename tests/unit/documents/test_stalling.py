"""No text of a portal's, whatever its size and shape, stalls what reads it."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import client.documents
import client.portal.fhir
from client.documents.nesting import is_costly
from client.documents.prose import read_prose

pytest.importorskip("resource", reason="the bound is one of the kernel's that this system does not have")

CHILD = Path(__file__).with_name("stalling.py")


def modules_with_patterns():
    names = ["client.session.words", "client.model.moment"]
    for package in (client.documents, client.portal.fhir):
        names.extend(each.name for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."))
    return [
        name
        for name in names
        if any(isinstance(each, re.Pattern) for each in vars(importlib.import_module(name)).values())
    ]


def run_within(seconds, code, *arguments):
    """Run a process that the kernel ends after so much time of the processor, or with so much memory."""
    limits = (
        f"import resource as r; r.setrlimit(r.RLIMIT_CPU, ({seconds}, {seconds}));"
        "r.setrlimit(r.RLIMIT_AS, (1 << 30, 1 << 30));"
    )
    command = [sys.executable, "-c", f"{limits}{code}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHILD.parents[3])


@pytest.mark.parametrize("module", modules_with_patterns())
def test_no_repetition_of_what_a_pattern_looks_for_stalls_it(module):
    ran = subprocess.run([sys.executable, str(CHILD), module], capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1:] == ["done"], ran.stdout[-100:] + ran.stderr[-500:]


BOMBS = {
    "styles left open": "'<p>' + ''.join(f'<b id={i}>' for i in range(990)) + '<p>x' * 20_000",
    "ends that end nothing": "'<div></z>' * 40_000",
    "ends that a table keeps away": "'<div><table><td></div></table>' * 30_000",
    "ends in an attribute": "'<div><p a=\"</div>\">' * 40_000",
    "ends in a comment": "'<div><!--</div>-->' * 40_000",
    "ends in a style sheet": "'<div><style></div></style>' * 35_000",
    "words beside cells": "'<table>' + '<br>x' * 100_000",
    "attributes": "'<p ' + ' '.join(f'a{i}' for i in range(120_000)) + '>x'",
    "one after another": "'<div>x</div>' * 50_000",
    "nothing but blanks": "'<pre>' + ' ' * 900_000 + '</pre>'",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_markup_stalls_the_reader_or_takes_its_memory(bomb):
    code = (
        "from client.documents.markup import read_markup\n"
        "from client.documents.spoken import strip_markup\n"
        f"text = {BOMBS[bomb]}\nread_markup(text); strip_markup(text); print('read')"
    )
    ran = run_within(5, code)
    assert ran.stdout == "read\n", ran.stderr[-300:]


def test_no_run_of_numbers_stalls_the_reader():
    code = (
        "from client.documents.prose import read_prose\n"
        "read_prose(''.join(f'{i}. a\\n' for i in range(31, 100)) + 'x\\n' * 300_000); print('read')"
    )
    assert run_within(5, code).stdout == "read\n"


@pytest.mark.parametrize(
    "text",
    [
        "<div class=a><p>Lungs &lt; 5 mm, clear.<br>Heart normal.</p></div>" * 2000,
        "<table><tr><td>Nodule<td><b>4 mm</b><tr><td>Cyst<td>2 mm</table>" * 2000,
        "<p>a<p><font color='red'>b</font><ul><li>c<li>d</ul>" * 2000,
        "<!DOCTYPE html><html><head><title>a</title><style><!-- p { } --></style></head><body>"
        + "<p>a < b</p>" * 5000,
        "<?xml version='1.0'?>" + "<p><a name='x'/>see <a href='http://x/?a=1&amp;b=2'>this</a></p>" * 3000,
    ],
)
def test_long_but_ordinary_markup_is_not_costly(text):
    assert is_costly(text) is False


def test_a_date_at_the_start_of_a_line_starts_no_list():
    blocks = read_prose("31. December: seen.\n32. Floor.")
    assert {type(block).__name__ for block in blocks} == {"Paragraph"}
