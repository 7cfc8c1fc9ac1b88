"""The one window: what covers it goes on covering all of it."""

from PySide6.QtWidgets import QWidget

from client.model.user import Role, User
from client.ui.shell import Shell
from client.ui.sign_in import SignInPage


class Page(QWidget):
    """What the window asks of a reading page."""

    user = User("a.reader", "A. Reader", next(iter(Role)), None)

    def take_focus(self):
        self.setFocus()


def test_after_a_resize_the_curtain_and_the_warning_still_cover_the_window(qtbot):
    shell = Shell(SignInPage(), lambda reason: None, lambda: None)
    qtbot.addWidget(shell)
    with qtbot.waitExposed(shell):
        shell.show_sign_in(None, "")
    page = Page()
    shell.make_ready(page)
    shell.show_reading(page)
    shell.cover()
    shell.resize(1000, 700)
    assert shell.curtain.geometry() == shell.rect()
    assert shell.warning.width() == shell.width()
    assert shell.warning.geometry().bottom() == shell.rect().bottom()
