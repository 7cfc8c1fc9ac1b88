"""A tooltip shows what it was given, whatever that looks like, and loads nothing."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from client.clock import SystemClock
from client.model.report import Report, ReportStatus
from client.session.progress import SyncProgress
from client.session.worklist import Worklist
from client.ui.header import Header
from client.ui.tip import set_tooltip, tooltip
from client.ui.worklist.footer import Footer
from client.ui.worklist.model import WorklistModel

UI = Path(__file__).parents[2] / "client" / "ui"


@pytest.fixture
def hostile(tmp_path):
    """A text that, read as HTML, shows a picture of this computer's."""
    picture = QImage(60, 60, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff0000"))
    picture.save(str(tmp_path / "red.png"))
    return f'CT <img src="file://{tmp_path}/red.png" width="60" height="60"> & chest'


def shown(text):
    """Show a text as Qt shows a tooltip; return the picture of it."""
    QToolTip.showText(QPoint(50, 50), text)
    QApplication.processEvents()
    tips = [
        each
        for each in QApplication.topLevelWidgets()
        if each.metaObject().className() == "QTipLabel" and each.isVisible()
    ]
    picture = tips[-1].grab().toImage()
    QToolTip.hideText()
    for each in tips:
        each.hide()
        each.deleteLater()
    return picture


def red(picture):
    return sum(
        picture.pixelColor(x, y).name() == "#ff0000"
        for x in range(0, picture.width(), 3)
        for y in range(0, picture.height(), 3)
    )


def test_a_picture_named_in_a_tooltip_is_not_loaded(hostile):
    assert red(shown(hostile))  # what it is all about
    assert not red(shown(tooltip(hostile)))


def report(exam, problem=""):
    return Report(
        "r", "1", ReportStatus.FINAL, False, None, exam, "CT", None, None, "", "", "", problem=problem
    )


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("problem", [False, True])
def test_no_cell_of_the_worklist_loads_what_a_portal_names(narrow, problem, hostile):
    worklist = Worklist(SystemClock())
    worklist.merge([report(hostile, hostile if problem else "")])
    model = WorklistModel(worklist)
    model.set_rows([0])
    model.narrow = narrow
    for place in range(model.columnCount()):
        tip = model.data(model.index(0, place), Qt.ItemDataRole.ToolTipRole)
        assert "<img" not in tip
    spoken = [model.data(model.index(0, place)) for place in range(model.columnCount())]
    assert any("<img" in words and "&amp;" not in words for words in spoken)  # as it is, for a screen reader


def test_the_footer_and_the_notice_load_nothing(hostile, qtbot):
    footer, header = Footer(), Header()
    for widget in (footer, header):
        qtbot.addWidget(widget)
    footer.show_progress(SyncProgress(loaded=1, incomplete=hostile))
    header.say(hostile)
    tips = [each.toolTip() for page in (footer, header) for each in page.findChildren(QWidget)]
    assert sum("&lt;img" in tip for tip in tips) == 2
    assert not any("<img" in tip for tip in tips)


def test_a_screen_reader_says_the_text_without_marks(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tooltip(widget, "a < b")
    assert (widget.toolTip(), widget.accessibleDescription()) == ("<p>a &lt; b</p>", "a < b")
    set_tooltip(widget, "")
    assert widget.toolTip() == ""


def is_made_plain(call, place):
    """Say whether a call's argument is written down in the program, or comes from `tooltip`."""
    given = call.args[place]
    literal = isinstance(given, ast.Constant)
    made = isinstance(given, ast.Call) and getattr(given.func, "id", "") == "tooltip"
    return literal or made


def test_there_is_no_other_way_to_a_tooltip():
    others = []
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", "")
            place = {"setToolTip": 0, "setStatusTip": 0, "setWhatsThis": 0, "showText": 1}.get(name)
            if place is not None and not is_made_plain(node, place):
                others.append(f"{path.name}:{node.lineno}")
    assert others == []
    asking = [path.name for path in UI.rglob("*.py") if "ToolTipRole" in path.read_text("utf-8")]
    # The answers of the first are read above; the second asks `tooltip` for its one answer.
    assert sorted(asking) == ["model.py", "side_list.py"]
