"""ImagingStudy, and the key images of a DiagnosticReport, to the model's imaging studies.

Must never: raise for a resource that is odd, or name an image by anything but valid UIDs. FHIR R4.
"""

from __future__ import annotations

import re

from client.model.imaging import ImageReference, ImagingStudy, Instance, Series
from client.portal.dicomjson import valid_uid
from client.portal.fhir.parse import Json, Resource, objects
from client.portal.fhir.text import line

_SERIES = 500
_INSTANCES = 20_000  # of a whole study
_MEDIA = 200
_UID_SYSTEM = "urn:dicom:uid"
_WADO = re.compile(  # WADO-RS, whatever the server's base (PS3.18 10.4.1)
    r"/studies/(?P<study>[0-9.]{1,64})/series/(?P<series>[0-9.]{1,64})/instances/(?P<instance>[0-9.]{1,64})"
    r"(?:/frames/(?P<frames>[0-9,]{1,200}))?(?=[/?#]|$)",
    re.ASCII,
)


def read_study(resource: Resource) -> ImagingStudy | None:
    """Return the study that an ImagingStudy describes, None where it has no Study Instance UID.

    `patient_id` stays "": FHIR names the patient in its own way, not as the images do.
    """
    uid = study_uid(resource)
    if not uid:
        return None
    left = _INSTANCES
    series: list[Series] = []
    for item in objects(resource.get("series"), _SERIES):
        found = _series(item, left)
        if found is not None:
            left -= len(found.instances)
            series.append(found)
    return ImagingStudy(uid, "", _accession(resource), tuple(sorted(series, key=lambda one: one.number)))


def study_uid(resource: Resource) -> str:
    """Return the Study Instance UID of an ImagingStudy, "" where it has none."""
    for identifier in objects(resource.get("identifier")):
        if identifier.get("system") == _UID_SYSTEM and (uid := _uid(identifier.get("value"))):
            return uid
    return ""


def read_key_images(report: Resource) -> tuple[ImageReference, ...]:
    """Return the images that DiagnosticReport.media points to, in its order, each once.

    Only Media that the report contains itself; an image is named by its WADO-RS address, or by its
    SOP Instance UID alone.
    """
    contained = {
        resource.get("id"): resource
        for resource in objects(report.get("contained"), _MEDIA)
        if resource.get("resourceType") == "Media"
    }
    found: dict[ImageReference, None] = {}
    for media in objects(report.get("media"), _MEDIA):
        link = media.get("link")
        reference = link.get("reference") if type(link) is dict else None
        image = contained.get(reference[1:]) if type(reference) is str and reference[:1] == "#" else None
        if image is not None and (named := _key_image(image)) is not None:
            found[named] = None
    return tuple(found)


def _key_image(media: Resource) -> ImageReference | None:
    content = media.get("content")
    url = content.get("url") if type(content) is dict else None
    match = _WADO.search(url) if type(url) is str and len(url) <= 4000 else None
    if match is not None:
        study, series, own = (valid_uid(match[name]) for name in ("study", "series", "instance"))
        if study and series and own:
            numbers = (int(number) for number in (match["frames"] or "").split(",") if number)
            return ImageReference(study, series, own, frames=tuple(n for n in numbers if 0 < n < 10**6))
    for identifier in objects(media.get("identifier")):
        if identifier.get("system") == _UID_SYSTEM and (uid := _uid(identifier.get("value"))):
            return ImageReference("", "", uid)
    return None


def _series(item: Resource, most: int) -> Series | None:
    uid = _uid(item.get("uid"))
    if not uid:
        return None
    instances = [_instance(instance) for instance in objects(item.get("instance"), max(most, 0))]
    listed = sorted((one for one in instances if one is not None), key=lambda one: one.number)
    modality, site = item.get("modality"), item.get("bodySite")
    return Series(
        uid=uid,
        number=_number(item.get("number")),
        modality=line(modality.get("code"), 16) if type(modality) is dict else "",
        description=line(item.get("description")),
        body_part=line(site.get("display") or site.get("code")) if type(site) is dict else "",
        instances=tuple(listed),
    )


def _instance(item: Resource) -> Instance | None:
    uid = _uid(item.get("uid"))
    if not uid:
        return None
    sop_class = item.get("sopClass")
    code = sop_class.get("code") if type(sop_class) is dict else ""
    return Instance(uid, _uid(code), _number(item.get("number")), frames=1, rows=0, columns=0)


def _accession(resource: Resource) -> str:
    for identifier in objects(resource.get("identifier")):
        kind = identifier.get("type")
        for coding in objects(kind.get("coding") if type(kind) is dict else None):
            if coding.get("code") == "ACSN":
                return line(identifier.get("value"))
    return ""


def _uid(value: Json) -> str:
    return valid_uid(value.removeprefix("urn:oid:")) if type(value) is str else ""


def _number(value: Json) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0
