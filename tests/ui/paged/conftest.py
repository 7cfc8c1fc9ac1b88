"""Documents of pages."""

import pytest

from client.ui.paged.view import PagedView


@pytest.fixture
def view(qtbot):
    view = PagedView(None)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    yield view
    view.empty()
