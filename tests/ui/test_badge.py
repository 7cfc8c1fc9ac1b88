"""A status is told by shape and word, without colour."""

import pytest
from PySide6.QtGui import QImage

from client.model.report import ReportStatus
from client.ui import badge

FINISHED = {ReportStatus.FINAL}
CHANGED = {ReportStatus.AMENDED, ReportStatus.CORRECTED, ReportStatus.APPENDED}
WITHDRAWN = {ReportStatus.CANCELLED, ReportStatus.ENTERED_IN_ERROR}


def outline(status):
    return badge.status(status).shape


def test_no_status_is_without_a_badge_and_no_two_share_a_word():
    words = [badge.status(status).word for status in ReportStatus]
    assert len(set(words)) == len(ReportStatus)


def test_kinds_of_status_have_shapes_of_their_own():
    shapes = [{outline(one) for one in kind} for kind in (FINISHED, CHANGED, WITHDRAWN)]
    shapes.append({outline(one) for one in set(ReportStatus) - FINISHED - CHANGED - WITHDRAWN})
    shapes.append({badge.CRITICAL.shape})
    assert all(len(kind) == 1 for kind in shapes)
    assert len(set.union(*shapes)) == len(shapes)


@pytest.mark.parametrize("mark", [badge.CRITICAL, *map(badge.status, ReportStatus)])
def test_a_badge_takes_the_room_it_says_and_speaks(qtbot, mark):
    label = badge.BadgeLabel(mark)
    qtbot.addWidget(label)
    label.show()
    assert label.width() >= badge.size(mark).width()
    assert label.accessibleName() == mark.meaning == label.accessibleDescription()
    picture = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    assert len({picture.pixelColor(x, picture.height() // 2).value() for x in range(picture.width())}) > 3


def test_a_label_without_a_badge_is_not_there(qtbot):
    label = badge.BadgeLabel()
    qtbot.addWidget(label)
    assert not label.isVisible()
    assert label.accessibleName() == ""
