"""The key: random, kept on its own page, and useless to anyone once destroyed."""

from __future__ import annotations

import copy
import os
import pickle
import threading

import pytest

from client.cache.key import CacheKey
from client.errors import CacheUnavailable, SessionEnded


def test_two_keys_differ(key):
    other = CacheKey.generate()
    sealed = key.aead().encrypt(bytes(12), b"text", None)

    try:
        assert other.aead().encrypt(bytes(12), b"text", None) != sealed
        assert key.aead().encrypt(bytes(12), b"text", None) == sealed
    finally:
        other.destroy()


def test_page_is_locked_where_the_system_allows_a_page(key):
    assert key.locked


def test_destroyed_key_refuses_every_use(key):
    key.destroy()
    key.destroy()

    with pytest.raises(SessionEnded):
        key.aead()
    with pytest.raises(SessionEnded):
        key.reserve(1)


def test_key_is_neither_copied_nor_stored_nor_shown(key):
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            attempt(key)
    assert repr(key) == str(key) == "CacheKey()"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_has_no_key(key):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            key.aead()
        except SessionEnded:
            key.destroy()  # must not touch a page that is not there
            status = 0
        finally:
            os._exit(status)

    assert os.waitpid(child, 0)[1] == 0
    key.aead()  # the parent's is untouched


def test_nonces_never_repeat_across_threads(key):
    taken: list[range] = []

    def reserve():
        for count in range(1, 200):
            first = key.reserve(count)
            taken.append(range(first, first + count))

    threads = [threading.Thread(target=reserve) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    nonces = [nonce for reserved in taken for nonce in reserved]
    assert len(nonces) == len(set(nonces))


def test_destroy_while_others_encrypt_ends_them_and_nothing_else(key):
    outcomes: list[str] = []
    at_work = threading.Barrier(5)

    def encrypt():
        at_work.wait()
        try:
            while True:
                key.aead().encrypt(key.reserve(1).to_bytes(12, "big"), b"text", None)
        except SessionEnded:
            outcomes.append("ended")

    threads = [threading.Thread(target=encrypt) for _ in range(4)]
    for thread in threads:
        thread.start()
    at_work.wait()
    key.destroy()
    for thread in threads:
        thread.join()
    assert outcomes == ["ended"] * 4


def test_no_random_bytes_means_no_key(monkeypatch, tmp_path):
    monkeypatch.setattr("client.system.memory._ENTROPY", str(tmp_path / "missing"))

    with pytest.raises(CacheUnavailable, match="go on reading"):
        CacheKey.generate()
