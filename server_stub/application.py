"""The portal as one ASGI application, put together from its stores."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fastapi import FastAPI

from server_stub.api.limits import Limits
from server_stub.api.problems import install_problems
from server_stub.api.routes import Stores, make_routes
from server_stub.dicom_web.routes import make_dicom_web
from server_stub.dicom_web.service import DicomWebService
from server_stub.fhir.routes import make_fhir
from server_stub.fhir.service import FhirService
from server_stub.store.database import Database
from server_stub.store.images import ImageStore
from server_stub.store.notes import Notes
from server_stub.store.searches import SavedSearches
from server_stub.store.sessions import Lifetimes, Sessions
from server_stub.store.users import Users

DEFAULT_NAME = "Safelight demonstration portal"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `serve` may set."""

    name: str = DEFAULT_NAME
    notice: str = ""
    lifetimes: Lifetimes = Lifetimes()  # noqa: RUF009 - frozen


def make_application(database: Database, images: ImageStore, settings: Settings) -> FastAPI:
    """Return the application; nothing is served yet."""
    sessions = Sessions(database, settings.lifetimes, time.time)
    searches = SavedSearches(database)
    stores = Stores(
        settings.name, settings.notice, Users(database), sessions, Notes(database), searches, time.time
    )
    app = FastAPI(title=settings.name, version="1", docs_url=None, redoc_url=None)
    install_problems(app)
    app.include_router(make_routes(stores))
    app.mount("/fhir", make_fhir(FhirService(database, sessions), settings.name))
    app.mount("/dicom-web", make_dicom_web(DicomWebService(images, sessions)))
    app.add_middleware(Limits)
    return app
