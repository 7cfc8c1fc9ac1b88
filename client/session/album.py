"""The images of one opened report: stored values, from memory, the cache or the portal.

Owns: whole instances in the report cache, encrypted; frames in memory until the report is closed; and that
nothing is given out of images that may be another's before the user has been told.
Must never: import Qt, decode an image (that is the darkroom's), or outlive its report.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeAlias

from client.cache.absent import AbsentCache
from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
from client.darkroom.desk import Developed
from client.darkroom.message import Blob, Said
from client.darkroom.task import Task
from client.errors import (
    CacheError,
    CacheMiss,
    DevelopError,
    DocumentError,
    PortalError,
    SafelightError,
    SessionRefused,
    Withdrawn,
)
from client.model.imaging import ImageReference, ImagingStudy
from client.model.report import Report
from client.portal.dicomweb import Size
from client.portal.exchange import Stop
from client.session.lanes import Lane, Lanes
from client.session.stacks import Slice, doubt, stacks_of, study_doubt
from client.session.stored import Facts, Stored, read_facts, read_frame

THUMBNAIL = Size(256, 256)
_IN_MEMORY = 384 * 1024**2  # bytes of decoded frames: a CT series of 512 slices, or ten mammograms
_DESKS = 3  # instances of many frames that lie open: two side by side, and the one before
_CLOSED = "These images were closed. Open them again from the report."


class Source(Protocol):
    """Where images come from: `client.portal.dicomweb.Images`."""

    @property
    def offered(self) -> bool:
        """Whether there are images at all."""
        ...

    def studies(
        self, uids: Sequence[str], accession: str = "", stop: Stop | None = None
    ) -> tuple[ImagingStudy, ...]:
        """Return the studies named, or those of an accession number."""
        ...

    def instance(self, image: ImageReference, stop: Stop | None = None) -> bytes:
        """Return a whole DICOM file."""
        ...

    def thumbnail(self, image: ImageReference, size: Size | None = None, stop: Stop | None = None) -> bytes:
        """Return a small picture as JPEG or PNG."""
        ...


class Desk(Protocol):
    """An instance that lies open in the darkroom."""

    first: Developed

    def ask(self, said: Said, *blobs: Blob) -> Developed:
        """Ask for a frame; raises DevelopError."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Room(Protocol):
    """Where images are decoded: `client.darkroom.darkroom.Darkroom`."""

    def open(self, task: Task, said: Said, *blobs: Blob) -> Desk:
        """Have an instance taken by a process of its own; raises DevelopError."""
        ...


class Doubtful(DocumentError):
    """The images say that they are another's: the user must have read that before one is shown."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture, 32 bits a pixel as QImage.Format_RGB32 has it, lines without padding."""

    width: int
    height: int
    pixels: Blob = field(repr=False)


Little: TypeAlias = Thumbnail | Stored
Failed: TypeAlias = Callable[[SafelightError], None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What an album works with; `stop` is its own."""

    source: Source
    cache: ReportCache | AbsentCache
    lanes: Lanes
    room: Room
    stop: Stop


class Album:
    """The images of one report, until it is closed; called on the main thread."""

    def __init__(
        self,
        report: Report,
        studies: Sequence[ImagingStudy],
        key_images: Sequence[ImageReference],
        tools: Tools,
    ) -> None:
        self.report = report
        self.stacks = stacks_of(studies, key_images)
        self._tools = tools
        self._stop = tools.stop
        self._lock = threading.Lock()
        self._doubts = {study.uid: said for study in studies if (said := study_doubt(study, report))}
        self._told: set[str] = set()  # studies of which the user knows what they say
        self._frames: OrderedDict[tuple[str, int], Stored] = OrderedDict()
        self._held = 0  # bytes of them
        self._desks: OrderedDict[str, tuple[Desk, Facts]] = OrderedDict()
        self._fetching: dict[str, threading.Lock] = {}
        self._wanted: dict[int, Slice] = {}

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the user has to be told before images are shown: sentences, each once."""
        with self._lock:
            return tuple(dict.fromkeys(said for uid, said in self._doubts.items() if uid not in self._told))

    def accept(self) -> None:
        """Note that the user has read all doubts there are now."""
        with self._lock:
            self._told.update(self._doubts)

    def in_doubt(self, wanted: Slice) -> bool:
        """Return whether a picture may be another's, also when the user was told so."""
        with self._lock:
            return wanted.image.study in self._doubts

    def kept(self, wanted: Slice) -> Stored | None:
        """Return a picture that is in memory, None for one that has to be brought."""
        with self._lock:
            if self._untold(wanted):
                return None
            found = self._frames.get((wanted.image.instance, wanted.frame))
            if found is not None:
                self._frames.move_to_end((wanted.image.instance, wanted.frame))
            return found

    def bring(self, wanted: Slice, place: int, done: Callable[[Stored], None], failed: Failed) -> None:
        """Bring a picture to a place on the screen: within this call if it is in memory, else soon after.

        What the same place asked for before is passed over if it was not begun. Doubtful among the errors.
        """
        self._wanted[place] = wanted
        if (stored := self.kept(wanted)) is not None:
            done(stored)
            return

        def work() -> Stored | None:
            return self._stored(wanted) if self._wanted.get(place) == wanted else None

        def show(found: Stored | None) -> None:
            if found is not None and not self._stop.is_set:
                done(found)

        self._tools.lanes.run(work, done=show, failed=partial(self._fail, failed))

    def look_ahead(self, slices: Iterable[Slice]) -> None:
        """Fetch and decode pictures that will be looked at soon; what fails is told when it is asked for."""
        for each in slices:
            if self.kept(each) is None:
                self._tools.lanes.run(partial(self._fill, each), failed=_pass_over, lane=Lane.AHEAD)

    def bring_thumbnail(self, wanted: Slice, done: Callable[[Little], None], failed: Failed) -> None:
        """Bring a small picture; where the portal makes none, the image itself."""

        def show(found: Little) -> None:
            if not self._stop.is_set:
                done(found)

        self._tools.lanes.run(
            partial(self._little, wanted), done=show, failed=partial(self._fail, failed), lane=Lane.AHEAD
        )

    def close(self) -> None:
        """Forget every frame, close what lies open, fetch no more. Idempotent."""
        self._stop.set()
        with self._lock:
            desks = [desk for desk, _ in self._desks.values()]
            self._desks.clear()
            self._frames.clear()
            self._held = 0
        for desk in desks:
            desk.close()

    def _fail(self, failed: Failed, error: SafelightError) -> None:
        if not self._stop.is_set:
            failed(error)

    def _fill(self, wanted: Slice) -> None:
        if not self._stop.is_set and self.kept(wanted) is None:
            self._stored(wanted)

    def _untold(self, wanted: Slice) -> bool:
        study = wanted.image.study
        return study in self._doubts and study not in self._told

    def _sure(self, wanted: Slice) -> None:
        with self._lock:
            if self._untold(wanted):
                raise Doubtful(self._doubts[wanted.image.study])

    def _stored(self, wanted: Slice) -> Stored:
        """Return a picture, in a lane's thread; raises PortalError, DevelopError, Doubtful."""
        self._sure(wanted)
        uid = wanted.image.instance
        with self._lock:
            one_at_a_time = self._fetching.setdefault(uid, threading.Lock())
        with one_at_a_time:  # whoever comes second finds it there
            if (found := self.kept(wanted)) is not None:
                return found
            desk, facts = self._taken(wanted)
            goes_on = False
            try:
                self._compare(wanted, facts)
                stored = read_frame(desk.ask({"page": wanted.frame}), facts)
                goes_on = facts.frames > 1
            finally:
                if goes_on:
                    self._lay_down(uid, desk, facts)
                else:
                    desk.close()
            self._keep(uid, wanted.frame, stored)
        return stored

    def _taken(self, wanted: Slice) -> tuple[Desk, Facts]:
        """Return an instance that lies open: nobody else has it, or closes it, until it is laid down."""
        with self._lock:
            if (there := self._desks.pop(wanted.image.instance, None)) is not None:
                return there
        desk = self._tools.room.open(Task.IMAGE, {}, self._instance(wanted.image))
        return desk, read_facts(desk.first.said)

    def _lay_down(self, uid: str, desk: Desk, facts: Facts) -> None:
        """Let an instance lie open for its next frame, as long as there are not too many."""
        with self._lock:
            if self._stop.is_set:  # closed meanwhile: nobody would close this one
                late = desk
            else:
                self._desks[uid] = desk, facts
                if len(self._desks) <= _DESKS:
                    return
                late = self._desks.popitem(last=False)[1][0]
        late.close()

    def _compare(self, wanted: Slice, facts: Facts) -> None:
        """Hold what the file says against the report; the portal's list may say less or something else."""
        said = doubt(facts.patient_id, facts.accession, self.report)
        if said:
            with self._lock:
                self._doubts.setdefault(wanted.image.study, said)
        self._sure(wanted)

    def _keep(self, uid: str, frame: int, stored: Stored) -> None:
        with self._lock:
            if self._stop.is_set:
                return
            self._frames[uid, frame] = stored
            self._held += stored.size
            while self._held > _IN_MEMORY and len(self._frames) > 1:
                self._held -= self._frames.popitem(last=False)[1].size

    def _instance(self, image: ImageReference) -> bytes:
        return self._cached("whole", image, lambda: self._tools.source.instance(image, self._stop))

    def _cached(self, what: str, image: ImageReference, fetch: Callable[[], bytes]) -> bytes:
        record = RecordId(
            RecordKind.IMAGE, f"{self.report.key}\0{what}\0{image.series}\0{image.instance}", ""
        )
        try:
            return self._tools.cache.get(record)
        except CacheMiss:
            data = fetch()
        with contextlib.suppress(CacheError):  # no room: shown now, fetched again next time
            self._tools.cache.put(record, data)
        return data

    def _little(self, wanted: Slice) -> Little:
        self._sure(wanted)
        if self._stop.is_set:
            raise Withdrawn(_CLOSED)
        image = wanted.image
        named = ImageReference(
            image.study, image.series, image.instance, image.sop_class, image.frames and (wanted.frame + 1,)
        )
        try:
            data = self._cached(
                f"small {wanted.frame}",
                image,
                lambda: self._tools.source.thumbnail(named, THUMBNAIL, self._stop),
            )
            return self._developed(data)
        except SessionRefused:
            raise
        except (PortalError, DevelopError):
            return self._stored(wanted)

    def _developed(self, data: bytes) -> Thumbnail:
        desk = self._tools.room.open(Task.SCAN, {}, data)
        try:
            width, height = desk.first.said["sizes"][0]
            scale = min(1.0, THUMBNAIL.width / width, THUMBNAIL.height / height)
            answer = desk.ask({"page": 0, "scale": scale})
            found = Thumbnail(int(answer.said["width"]), int(answer.said["height"]), answer.blobs[0])
        except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError):
            raise DevelopError("This small picture cannot be shown.") from None
        finally:
            desk.close()
        if not 0 < found.width <= 4096 or len(found.pixels) != 4 * found.width * found.height:
            raise DevelopError("This small picture cannot be shown.")
        return found


def _pass_over(_error: SafelightError) -> None:
    """Do nothing: what could not be fetched ahead is fetched, and its failure told, when it is looked at."""
