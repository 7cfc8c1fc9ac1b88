"""Images by DICOMweb (PS3.18): which there are, and their bytes.

Owns: the wording of QIDO-RS and WADO-RS requests, and what servers answer instead of what they should.
Must never: decode an image (that is the darkroom's), keep one, or decide whose they are: `patient_id` and
`accession` come back for the caller to hold against the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from client.errors import PortalFault, Withdrawn
from client.model.imaging import ImageReference, ImagingStudy, Instance, Series
from client.portal.access import Access
from client.portal.connection import Answer
from client.portal.dicomjson import (
    SERIES_UID,
    STUDY_UID,
    instance_of,
    number,
    read_list,
    text,
    uid,
    valid_uid,
)
from client.portal.exchange import DOCUMENT, PAGE, Limits, Stop
from client.portal.failures import NotAccepted
from client.portal.related import media_type, split

_JSON = "application/dicom+json, application/json;q=0.9"
_DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_OCTETS = 'multipart/related; type="application/octet-stream"'
_PICTURE = "image/jpeg"  # every server renders it (PS3.18 8.7.3.4); Orthanc takes one wish, not a list
_RENDERED = Limits(timedelta(seconds=60), timedelta(seconds=30), 32 * 1024**2)
_STUDY_FIELDS = ("00080050", "00100020")
_SERIES_FIELDS = ("0008103E", "00180015")
_INSTANCE_FIELDS = ("00280008", "00280010", "00280011", "0020000E")
_THUMBNAIL = 128  # pixels
_STUDIES = 20  # of one accession number
_LISTED = 20_000  # instances of a study
_MARK = slice(128, 132)
_FRAMES = 1000


@dataclass(frozen=True, slots=True)
class Size:
    """What a picture has to fit into, in pixels."""

    width: int
    height: int


class Images:
    """The images that the portal lets this user see; every method may be called from any thread."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._base = access.description.images

    @property
    def offered(self) -> bool:
        """Whether the portal has images at all."""
        return bool(self._base)

    def study(self, uid: str, stop: Stop | None = None) -> ImagingStudy | None:
        """Return a study with its series and instances, None where the portal has no images of it.

        Raises any PortalError but Withdrawn, which is None here.
        """
        own = _required(uid)
        found = self._search("studies", [("StudyInstanceUID", own)], _STUDY_FIELDS, stop)
        described = next((item for item in found if _is(item, own)), None)
        if described is None:
            return None
        series = self._search(f"studies/{own}/series", [], _SERIES_FIELDS, stop)
        instances = self._search(f"studies/{own}/instances", [], _INSTANCE_FIELDS, stop)
        return ImagingStudy(
            uid=own,
            patient_id=text(described, "00100020"),
            accession=text(described, "00080050"),
            series=_arranged(series, instances),
        )

    def studies(
        self, uids: Sequence[str], accession: str = "", stop: Stop | None = None
    ) -> tuple[ImagingStudy, ...]:
        """Return the studies with these UIDs, or, where none is named, those of an accession number.

        What the portal has no images of is left out.
        """
        wanted = list(dict.fromkeys(uids))
        if not wanted and accession and not set(accession) & set("*?\\"):
            found = self._search("studies", [("AccessionNumber", accession)], _STUDY_FIELDS, stop)
            # A server that does not know the key answers with everything: only what says so itself counts.
            named = [uid(item, STUDY_UID) for item in found if text(item, "00080050") == accession]
            wanted = [one for one in dict.fromkeys(named) if one][:_STUDIES]
        studies = (self.study(one, stop) for one in wanted)
        return tuple(study for study in studies if study is not None)

    def of_described(
        self, described: Sequence[ImagingStudy], accession: str = "", stop: Stop | None = None
    ) -> tuple[ImagingStudy, ...]:
        """Return the studies that FHIR describes as the images list them; without any, those of an accession.

        Where the portal has images but no search for them, a study is as FHIR describes it: its `patient_id`
        is then "", and only the images themselves can say whose they are.
        """
        if not described:
            return self.studies((), accession, stop)
        studies = (self._as_listed(study, stop) for study in described)
        return tuple(study for study in studies if study is not None)

    def instance(self, image: ImageReference, stop: Stop | None = None) -> bytes:
        """Return a whole DICOM file (PS3.10), as the portal stores it.

        Raises Withdrawn when it is not there, PortalFault when something else comes.
        """
        answer = self._fetch(self._path(image), _DICOM, DOCUMENT, stop)
        (content,) = self._bodies(answer, 1, "application/dicom")
        if content[_MARK] != b"DICM":
            raise _no_image()
        return content

    def rendered(self, image: ImageReference, size: Size | None = None, stop: Stop | None = None) -> bytes:
        """Return a picture of an instance as JPEG or PNG; of its first named frame where it names any.

        `size` is a wish: a server that knows no viewport sends the whole picture.
        Raises NotAccepted where the portal cannot render it: decode the instance then.
        """
        frame = f"/frames/{image.frames[0]}" if image.frames else ""
        path = f"{self._path(image)}{frame}/rendered"
        return self._picture(path, size, stop)

    def thumbnail(self, image: ImageReference, size: Size | None = None, stop: Stop | None = None) -> bytes:
        """Return a small picture of an instance as JPEG or PNG; a rendered one where there is none."""
        try:
            return self._picture(f"{self._path(image)}/thumbnail", size, stop)
        except (Withdrawn, NotAccepted):
            return self.rendered(image, size or Size(_THUMBNAIL, _THUMBNAIL), stop)

    def frames(self, image: ImageReference, numbers: Sequence[int], stop: Stop | None = None) -> list[bytes]:
        """Return the stored values of frames (1-based), decompressed, little endian, in the order asked.

        Raises PortalFault when not all of them come.
        """
        if not 0 < len(numbers) <= _FRAMES or not all(0 < one < 2**31 for one in numbers):
            raise Withdrawn("This image has no such picture in it.")
        path = f"{self._path(image)}/frames/{','.join(map(str, numbers))}"
        answer = self._fetch(path, _OCTETS, DOCUMENT, stop)
        bodies = self._bodies(answer, len(numbers), "application/octet-stream")
        if len(bodies) != len(numbers):
            raise _not_whole()
        return bodies

    def _as_listed(self, described: ImagingStudy, stop: Stop | None) -> ImagingStudy | None:
        try:
            return self.study(described.uid, stop)
        except NotAccepted:
            return described if any(series.instances for series in described.series) else None

    def _path(self, image: ImageReference) -> str:
        study, series, own = (_required(one) for one in (image.study, image.series, image.instance))
        return f"studies/{study}/series/{series}/instances/{own}"

    def _fetch(self, path: str, accept: str, limits: Limits, stop: Stop | None) -> Answer:
        if not self._base:
            raise Withdrawn("This portal has no images.")
        return self._access.fetch("GET", f"{self._base}/{path}", accept=accept, limits=limits, stop=stop)

    def _search(
        self, path: str, keys: list[tuple[str, str]], fields: Sequence[str], stop: Stop | None
    ) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        while len(found) < _LISTED:
            offset = [("offset", str(len(found)))] if found else []
            answer = self._list(path, [*keys, *offset], fields, stop)
            if answer is None:
                break
            page = read_list(answer.body, answer.headers.get("Content-Type", ""))
            found += page
            # The portal says when it has more than it answers with (PS3.18 8.3.4.4).
            if not page or "additional results" not in answer.headers.get("Warning", ""):
                break
        return found

    def _list(
        self, path: str, keys: list[tuple[str, str]], fields: Sequence[str], stop: Stop | None
    ) -> Answer | None:
        query = urlencode([*keys, *(("includefield", field) for field in fields)])
        try:
            return self._fetch(f"{path}?{query}", _JSON, PAGE, stop)
        except Withdrawn:
            return None
        except NotAccepted:
            # Some servers refuse further fields; without them a list says less, but it is one.
            return self._fetch(f"{path}?{urlencode(keys)}" if keys else path, _JSON, PAGE, stop)

    def _picture(self, path: str, size: Size | None, stop: Stop | None) -> bytes:
        viewport = f"?viewport={size.width},{size.height}" if size is not None else ""
        try:
            answer = self._fetch(path + viewport, _PICTURE, _RENDERED, stop)
        except NotAccepted:
            if not viewport:
                raise
            answer = self._fetch(path, _PICTURE, _RENDERED, stop)
        (picture,) = self._bodies(answer, 1, "image/")
        return picture

    def _bodies(self, answer: Answer, most: int, kind: str) -> list[bytes]:
        declared = answer.headers.get("Content-Type", "")
        if not answer.body:
            raise Withdrawn("The portal has no images here any more, or not for you.")
        if answer.status != 200:  # 206: some of it could not be had
            raise _not_whole()
        if media_type(declared).startswith("multipart/"):
            parts = split(declared, answer.body, most)
            types, bodies = [part.content_type for part in parts], [part.content for part in parts]
        else:
            types, bodies = [media_type(declared)], [answer.body]
        # A part need not say what it is; if it does, it must be what was asked for.
        if not all(own == "" or own.startswith(kind) for own in types):
            raise _no_image()
        return bodies


def _arranged(series: list[dict[str, object]], instances: list[dict[str, object]]) -> tuple[Series, ...]:
    """Return the series with their instances, by number; what names no series or instance is left out."""
    members: dict[str, dict[str, Instance]] = {}
    for item in instances[:_LISTED]:
        instance = instance_of(item)
        if instance is not None:
            members.setdefault(uid(item, SERIES_UID), {}).setdefault(instance.uid, instance)
    arranged: dict[str, Series] = {}
    for item in series:
        own = uid(item, SERIES_UID)
        if own and own not in arranged:
            arranged[own] = Series(
                uid=own,
                number=number(item, "00200011"),
                modality=text(item, "00080060", 16),
                description=text(item, "0008103E"),
                body_part=text(item, "00180015"),
                instances=tuple(sorted(members.get(own, {}).values(), key=lambda one: (one.number, one.uid))),
            )
    return tuple(sorted(arranged.values(), key=lambda one: (one.number, one.uid)))


def _is(item: dict[str, object], study: str) -> bool:
    return uid(item, STUDY_UID) == study


def _required(value: str) -> str:
    own = valid_uid(value)
    if not own:
        raise Withdrawn("The report points to an image without naming it, so it cannot be fetched.")
    return own


def _no_image() -> PortalFault:
    return PortalFault(
        "The portal sent something that is not the image it was asked for, so it is not shown. Try again; "
        "if it stays so, tell the people who run the portal."
    )


def _not_whole() -> PortalFault:
    return PortalFault("The portal sent only a part of this image, so it is not shown. Try again.")
