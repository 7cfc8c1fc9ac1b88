"""A reader's album of real files, in this process, and the view of it in a real window."""

import pytest

from client.cache.absent import AbsentCache
from client.session.images import Images
from client.session.lanes import Lanes
from client.ui.bridge import Bridge
from client.ui.images.view import ImageView
from tests.ui.images.archive import Room, report


@pytest.fixture
def albums(qtbot):
    """Open the images of a report; all of them are closed at the end."""
    bridge, made = Bridge(), []
    lanes = Lanes(bridge.post, lambda error: None)

    def open_album(archive, its=None):
        images = Images(archive, AbsentCache(), lanes, lambda: room)
        made.append(images)
        found = []
        images.open(its or report(), found.append, found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    room = Room()
    yield open_album
    for images in made:
        images.close()
    lanes.close()
    for pool in lanes._pools.values():
        pool.shutdown(wait=True)


@pytest.fixture
def view(qtbot):
    """The full view in a window that has the keyboard."""
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


@pytest.fixture
def shown(qtbot, albums, view):
    """Show a stack of an archive, and wait until its picture is there."""

    def show(archive, stack=0, at=None):
        view.open(albums(archive), stack, at)
        view.take_focus()
        qtbot.waitUntil(lambda: view.reel.seen == view.reel.at and view.reel.pane.stored is not None)
        return view.reel.pane

    return show
