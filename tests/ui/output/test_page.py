"""Printing and saving, from the page in the window to what a printer or a file is given."""

import errno
import os
import stat
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.audit.event import Act
from client.model.report import ReportStatus
from client.session.output import Way
from client.ui.output.page import OutputPage
from tests.ui.output.papers import document, report
from tests.ui.paged.samples import pdf

TEXT = b"FINDINGS: " + b"The lungs are clear. " * 600 + b"\n\nIMPRESSION:\n1. Nodule of 9 mm.\n"
PASSWORD = "correct horse battery"


@pytest.fixture
def said():
    return []


@pytest.fixture
def page(qtbot, said, session):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    box = QVBoxLayout(window)
    window.under = QWidget()
    made = OutputPage(window, window.under, said.append)
    box.addWidget(window.under)
    box.addWidget(made)
    window.show()
    yield made
    made.leave()


def start(page, session, way=Way.PRINT, one=None, text=TEXT, kind="text/plain"):
    one = one or report()
    session.worklist[one.key] = one
    page.open(session, way, one, document(text, kind))
    page.purpose.setCurrentText("The referring doctor")
    return one


def press(page, qtbot):
    qtbot.waitUntil(page.go.isEnabled)
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)


def test_every_page_says_whose_it_is_how_final_who_printed_it_and_what_for(
    page, session, cups, qtbot, said, read_pdf
):
    start(page, session, one=report(ReportStatus.PRELIMINARY, critical=True))
    press(page, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    texts = read_pdf((cups / "job").read_bytes())
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        for words in (
            *("OKONKWO, Adaeze", "00417", "1962-03-04", "PRELIMINARY", "CRITICAL", "Dr Ada Reader"),
            *("For: ", "The referring doctor", f"Page {number} of {len(texts)}", "CT chest"),
        ):
            assert words in text
    assert "lungs are clear" in texts[0]
    assert "Nodule of 9 mm" in texts[-1]
    assert said == [f"{len(texts)} pages sent to Ward."]
    assert session.noted == [(Act.REPORT_PRINTED, "r1", "for-referrer")]


def test_a_job_has_no_patient_in_its_arguments_and_no_file(
    page, session, cups, qtbot, said, tmp_path, monkeypatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    start(page, session)
    press(page, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    assert (cups / "arguments").read_text() == "-d Ward -t Safelight report -\n"
    assert list(scratch.iterdir()) == []


def test_a_typed_purpose_is_on_paper_and_not_in_the_trail(page, session, cups, qtbot, said, read_pdf):
    start(page, session)
    page.purpose.setCurrentText("Her sister, Ngozi")
    press(page, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    assert "Her sister, Ngozi" in read_pdf((cups / "job").read_bytes())[0]
    assert session.noted == [(Act.REPORT_PRINTED, "r1", "")]


def test_nothing_is_printed_before_a_purpose_is_chosen(page, session, cups, qtbot):
    start(page, session)
    page.purpose.setCurrentText("")
    press(page, qtbot)
    assert "what the copy is for" in page.state.text()
    assert session.noted == []


def test_pages_of_a_pdf_come_out_as_pictures(page, session, cups, qtbot, said, read_pdf):
    start(page, session, text=pdf(3), kind="application/pdf")
    press(page, qtbot)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    data = (cups / "job").read_bytes()
    texts = read_pdf(data)
    assert [f"Page {number} of 3" in text for number, text in enumerate(texts, start=1)] == [True] * 3
    assert "Clear lungs" not in texts[0]
    assert data.count(b"/Subtype /Image") >= 3


def test_where_no_printer_is_it_says_so_and_what_to_do(page, session, cups, qtbot):
    (cups / "printers").write_text("")
    start(page, session)
    qtbot.waitUntil(lambda: "No printer is set up" in page.state.text())
    assert "IT support" in page.state.text()
    assert not page.go.isEnabled()


def test_a_printer_that_takes_nothing_is_told_and_not_noted(page, session, cups, qtbot):
    (cups / "jammed").touch()
    start(page, session)
    press(page, qtbot)
    qtbot.waitUntil(lambda: "refused the report" in page.state.text())
    assert page.go.isEnabled()
    assert session.noted == []


@pytest.mark.parametrize("status", [ReportStatus.ENTERED_IN_ERROR, ReportStatus.CANCELLED])
def test_a_withdrawn_report_is_not_let_out(page, session, said, status):
    session.allow(export_pdf=True)
    for way in Way:
        page.open(session, way, report(status), document(TEXT))
    assert page.isHidden()
    assert len(said) == 2
    assert all("withdrawn" in sentence for sentence in said)


def test_one_withdrawn_while_it_is_looked_at_goes_at_once(page, session, cups, said):
    one = start(page, session)
    session.worklist[one.key] = replace(one, version="4", status=ReportStatus.ENTERED_IN_ERROR)
    page.look_again()
    assert page.isHidden()
    assert "withdrawn" in said[-1]


def test_one_withdrawn_while_it_is_being_prepared_is_not_handed_over(page, session, cups, qtbot, said):
    one = start(page, session)
    qtbot.waitUntil(page.go.isEnabled)
    page._begin()
    session.worklist[one.key] = replace(one, version="4", status=ReportStatus.ENTERED_IN_ERROR)
    qtbot.waitUntil(lambda: bool(said))
    assert "withdrawn" in said[-1]
    assert not (cups / "job").exists()


def test_policy_decides(page, session, said):
    session.allow(print=False)
    for way in Way:
        page.open(session, way, report(), document(TEXT))
    assert page.isHidden()
    assert [sentence.split(" is ")[0] for sentence in said] == ["Printing", "Saving reports as PDF"]


def test_escape_leaves_and_no_key_reaches_what_is_covered(page, session, cups, qtbot):
    start(page, session)
    assert page.isVisible()
    assert page.window().under.isHidden()
    qtbot.keyClick(page.preview, Qt.Key.Key_Escape)
    assert page.isHidden()
    assert page.window().under.isVisible()


def save(page, session, qtbot, folder, password=PASSWORD):
    session.allow(export_pdf=True)
    start(page, session, Way.EXPORT)
    page.folder.setCurrentText(str(folder))
    page.password.setText(password)
    page.again.setText(password)
    press(page, qtbot)


def test_a_saved_pdf_is_encrypted_private_and_has_no_patient_in_its_name(
    page, session, qtbot, said, tmp_path, read_pdf
):
    save(page, session, qtbot, tmp_path)
    qtbot.waitUntil(lambda: bool(said))
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("Safelight report 2")
    assert file.name.endswith(" 1.pdf")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = file.read_bytes()
    assert b"OKONKWO" not in data
    assert b"/AESV3" in data
    assert read_pdf(data) is None
    assert read_pdf(data, "another password") is None
    assert "OKONKWO, Adaeze" in read_pdf(data, PASSWORD)[0]
    assert file.name in said[0]
    assert session.noted == [(Act.REPORT_EXPORTED, "r1", "for-referrer")]


def test_what_is_there_is_never_written_over(page, session, qtbot, said, tmp_path):
    save(page, session, qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(said) == 1)
    (first,) = tmp_path.iterdir()
    kept = first.read_bytes()
    save(page, session, qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert len(list(tmp_path.iterdir())) == 2
    assert first.read_bytes() == kept


@pytest.mark.parametrize(
    ("place", "words"),
    [("nowhere", "no such folder"), ("/proc", "folder"), ("file", "no such folder")],
)
def test_a_folder_that_does_not_take_it_is_told(page, session, qtbot, tmp_path, place, words):
    (tmp_path / "file").touch()
    save(page, session, qtbot, tmp_path / place)
    qtbot.waitUntil(lambda: words in page.state.text())
    assert session.noted == []


def test_a_short_or_mistyped_password_is_told_first(page, session, qtbot, tmp_path):
    save(page, session, qtbot, tmp_path, "short")
    assert "at least 10" in page.state.text()
    page.password.setText(PASSWORD)
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    assert "not the same" in page.state.text()
    assert list(tmp_path.iterdir()) == []


def test_leaving_forgets_passwords_and_paper(page, session, qtbot):
    session.allow(export_pdf=True)
    start(page, session, Way.EXPORT)
    page.password.setText(PASSWORD)
    page.leave()
    assert page.password.text() == ""
    assert page._paper is None


def test_a_full_disk_is_told_and_leaves_nothing(page, session, qtbot, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    save(page, session, qtbot, tmp_path)
    qtbot.waitUntil(lambda: "disk is full" in page.state.text())
    assert list(tmp_path.iterdir()) == []
    assert session.noted == []
