"""What `/dicom-web` answers: plain functions from a request to an answer, run in worker threads.

Must never: answer anything without a live access token, or tell "not there" from "not yours".
"""

from __future__ import annotations

import logging

import orjson

from server_stub.dicom_web.answer import Answer, Asked
from server_stub.dicom_web.frames import frames, rendered, thumbnail
from server_stub.dicom_web.problem import WebError, not_there
from server_stub.dicom_web.retrieve import bulk, metadata, retrieve
from server_stub.dicom_web.search import search
from server_stub.dicom_web.target import read_target
from server_stub.store.images import ImageStore
from server_stub.store.sessions import Caller, Sessions

_log = logging.getLogger("server_stub")
_WORDS = {400: "not-understood", 401: "sign-in-first", 404: "not-found", 406: "not-acceptable", 500: "failed"}


class DicomWebService:
    """QIDO-RS and WADO-RS over the images."""

    def __init__(self, store: ImageStore, sessions: Sessions) -> None:
        self._store = store
        self._sessions = sessions

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        scheme, _, token = asked.authorization.partition(" ")
        caller = self._sessions.caller(token.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            challenge = 'Bearer error="invalid_token"' if asked.authorization else "Bearer"
            message = "Sign in first; this access token is missing, expired or revoked."
            return refuse(401, message, {"WWW-Authenticate": challenge})
        try:
            return self._work(asked, caller)
        except WebError as error:
            return refuse(error.status, str(error))
        except Exception as error:
            # What a DICOM file holds, anybody's scanner wrote: the type alone, its text can hold a value.
            _log.error("request failed: %s", type(error).__name__)
            return refuse(500, "The portal could not answer; try again, then tell its administrator.")

    def _work(self, asked: Asked, caller: Caller) -> Answer:
        target = read_target(asked.path)
        if target.tail in ("studies", "series", "instances"):
            return search(self._store, caller, asked, target)
        images = self._store.find(caller, target.study, target.series, target.instance)
        if not images:
            raise not_there()
        if target.tail == "metadata":
            return metadata(images, asked)
        if target.tail == "thumbnail":
            return thumbnail(self._store, images, asked, target)
        if target.tail == "rendered":
            if not target.instance:
                raise not_there()  # a whole series is no picture
            return rendered(self._store, images[0], asked, target)
        if target.frames:
            return frames(self._store, images[0], asked, target)
        if target.bulk:
            return bulk(self._store, images[0], asked, target)
        return retrieve(self._store, images, asked, target)


def refuse(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    """Return a problem as an answer."""
    body = orjson.dumps({"error": _WORDS.get(status, "not-offered"), "message": message})
    return Answer(status, body, "application/json", headers or {})
