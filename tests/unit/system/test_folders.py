"""Folders are the user's own, closed to others, or not used at all."""

import os
import stat

import pytest
from platformdirs import PlatformDirs

from client.errors import FolderRefused
from client.system import folders


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_new_folder_is_closed_to_others(tmp_path):
    made = folders.private(tmp_path / "a" / "b")
    assert made.is_dir()
    assert mode(made) == 0o700


def test_open_folder_is_closed(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    assert mode(folders.private(folder)) == 0o700


def test_link_is_refused_even_to_a_folder_of_the_user(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(FolderRefused, match="link"):
        folders.private(tmp_path / "link")


def test_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FolderRefused):
        folders.private(tmp_path / "file")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_folder_of_another_user_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    os.chown(tmp_path / "other", 1234, 1234)
    with pytest.raises(FolderRefused, match="another user"):
        folders.private(tmp_path / "other")


def test_control_socket_is_in_the_runtime_folder_of_the_login(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert folders.runtime_folder() == tmp_path / "safelight"
    assert mode(tmp_path / "safelight") == 0o700


@pytest.mark.parametrize("value", ["", "relative", "/nonexistent/folder"])
def test_without_a_runtime_folder_the_state_folder_is_used(tmp_path, monkeypatch, value):
    monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert folders.runtime_folder() == tmp_path / "safelight" / "run"


def test_cache_and_state_are_local_and_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert folders.cache_folder() == tmp_path / "cache" / "safelight"
    assert folders.state_folder() == tmp_path / "state" / "safelight"


@pytest.mark.parametrize("config", ["/somewhere/config", "relative", " ", None])
@pytest.mark.parametrize("home", ["/home/somebody", "/", "relative", None])
def test_preferences_are_where_platformdirs_says(monkeypatch, config, home):
    for name, value in (("XDG_CONFIG_HOME", config), ("HOME", home)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    said = PlatformDirs("safelight", appauthor=False, roaming=False).user_config_path
    assert folders.preferences_file() == said / "preferences.toml"
