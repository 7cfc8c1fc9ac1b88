"""The DICOM files that the portal holds: their rows in the database, and the files in the state folder.

Owns: the files' names (a hash, since a UID is a patient's too) and their permissions (0600).
Must never: replace a file that is there, or answer about a study without asking who may see it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from server_stub.fhir.visibility import visible_study_clause
from server_stub.store.database import Database
from server_stub.store.sessions import Caller


@dataclass(frozen=True, slots=True)
class Image:
    """One SOP instance; `header` is its DICOM JSON (PS3.18 F) without what is bulky."""

    uid: str
    study: str
    series: str
    modality: str
    number: int
    syntax: str  # the transfer syntax it is stored in
    digest: bytes  # SHA-256 of the file
    header: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study as a search shows it: counts, modalities, and the header of one of its instances."""

    uid: str
    series: int
    instances: int
    modalities: tuple[str, ...]
    header: bytes = field(repr=False)


_COLUMNS = "i.uid, i.study, i.series, i.modality, i.number, i.syntax, i.digest, i.header"
_ORDER = "ORDER BY i.study, i.series, i.number, i.uid"

Develop = Callable[[str, str], Iterator[tuple[Image, bytes]]]
"""Makes the images of a study, and their files, from the UID and a recipe."""


class ImageStore:
    """All images of a portal; safe from any thread."""

    def __init__(self, database: Database, folder: Path, develop: Develop | None = None) -> None:
        """With `develop`, studies planned are made when somebody first asks for them."""
        self._database = database
        self._folder = folder
        self._develop = develop
        self._developing = threading.Lock()

    def path(self, uid: str) -> Path:
        """Return where the file of an instance is, or would be."""
        return self._folder / f"{hashlib.sha256(uid.encode()).hexdigest()[:40]}.dcm"

    def digest(self, uid: str) -> bytes | None:
        """Return the SHA-256 of the file held for this instance, None where none is."""
        row = self._database.reader().execute("SELECT digest FROM image WHERE uid=?", (uid,)).fetchone()
        return None if row is None else row[0]

    def write(self, uid: str, content: bytes) -> None:
        """Put a file into the folder, readable by its owner only; in one step, so that nobody reads half."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self.path(uid)
        scratch = path.with_suffix(f".{os.getpid()}.new")
        scratch.unlink(missing_ok=True)
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        scratch.replace(path)

    def record(self, images: list[Image]) -> None:
        """Write the rows of images whose files are there; what is known stays as it is."""
        if not images:
            return
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO image(uid, study, series, modality, number, syntax, digest, header)"
                " VALUES (?,?,?,?,?,?,?,?)",
                [
                    (i.uid, i.study, i.series, i.modality, i.number, i.syntax, i.digest, i.header)
                    for i in images
                ],
            )

    def plan(self, studies: Iterable[tuple[str, str, str]]) -> None:
        """Remember studies (UID, accession number, recipe) whose images are made when first asked for."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO planned_study(study, accession, recipe) SELECT ?, ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM image WHERE study=?)",
                [(study, accession, recipe, study) for study, accession, recipe in studies],
            )

    def studies(self, caller: Caller, uids: tuple[str, ...] = (), accession: str = "") -> list[StudyRow]:
        """Return the studies that the caller may see, or those of them with these UIDs.

        With `accession` nobody needs planned studies of another one; those that are made already come along.
        """
        self._make(caller, uids, accession)
        seen, values = visible_study_clause(caller, "i.study")
        which = f" AND i.study IN ({','.join('?' * len(uids))})" if uids else ""
        rows = self._database.reader().execute(
            "SELECT i.study, count(DISTINCT i.series), count(*),"  # noqa: S608
            " group_concat(DISTINCT i.modality), min(i.key)"
            f" FROM image i WHERE {seen}{which} GROUP BY i.study",
            (*values, *uids),
        )
        return [
            StudyRow(
                study, series, instances, tuple(sorted((modalities or "").split(","))), self._header(key)
            )
            for study, series, instances, modalities, key in rows.fetchall()
        ]

    def find(self, caller: Caller, study: str = "", series: str = "", instance: str = "") -> list[Image]:
        """Return the images of a study, a series, or one, as far as the caller may see them, in order."""
        self._make(caller, (study,) if study else (), "")
        seen, values = visible_study_clause(caller, "i.study")
        where = [seen]
        bound: list[str] = [*values]
        for column, value in (("study", study), ("series", series), ("uid", instance)):
            if value:
                where.append(f"i.{column}=?")
                bound.append(value)
        sql = f"SELECT {_COLUMNS} FROM image i WHERE {' AND '.join(where)} {_ORDER}"  # noqa: S608
        return [Image(*row) for row in self._database.reader().execute(sql, bound)]

    def _make(self, caller: Caller, uids: tuple[str, ...], accession: str) -> None:
        """Make the planned studies that the caller may see, or those of them with these UIDs, this number."""
        if self._develop is None or not self._planned(caller, uids, accession):
            return
        with self._developing:
            for study, recipe in self._planned(caller, uids, accession):  # another thread may have been at it
                made = []
                for image, content in self._develop(study, recipe):
                    self.write(image.uid, content)
                    made.append(image)
                self.record(made)
                with self._database.write() as connection:
                    connection.execute("DELETE FROM planned_study WHERE study=?", (study,))

    def _planned(self, caller: Caller, uids: tuple[str, ...], accession: str) -> list[tuple[str, str]]:
        reader = self._database.reader()
        if reader.execute("SELECT 1 FROM planned_study LIMIT 1").fetchone() is None:
            return []
        seen, values = visible_study_clause(caller, "p.study")
        which = f" AND p.study IN ({','.join('?' * len(uids))})" if uids else ""
        which += " AND p.accession=?" if accession else ""
        sql = f"SELECT p.study, p.recipe FROM planned_study p WHERE {seen}{which}"  # noqa: S608
        bound = (*values, *uids, accession) if accession else (*values, *uids)
        return reader.execute(sql, bound).fetchall()

    def _header(self, key: int) -> bytes:
        row = self._database.reader().execute("SELECT header FROM image WHERE key=?", (key,)).fetchone()
        header: bytes = row[0]
        return header
