"""A status is told by shape and word, without colour."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

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
def test_a_badge_keeps_within_the_room_it_says(qapp, mark):
    size = badge.size(mark).toSize()
    picture = QImage(3 * size.width(), 3 * size.height(), QImage.Format.Format_Grayscale8)
    picture.fill(128)
    painter = QPainter(picture)
    badge.paint(painter, QPointF(size.width(), size.height()), mark)
    painter.end()
    touched = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).value() != 128
    ]
    assert len(touched) > size.width()
    assert min(x for x, _ in touched) >= size.width() - 1
    assert max(x for x, _ in touched) <= 2 * size.width() + 1
    assert min(y for _, y in touched) >= size.height() - 1
    assert max(y for _, y in touched) <= 2 * size.height() + 1
