"""Real documents, damaged on purpose: bits turned, pieces cut, doubled, moved, lengths made huge.

Owns: the damage. The same seed damages the same way.
"""

import random
import struct

from client.darkroom.composing import compose_in
from client.darkroom.task import Task
from client.errors import DevelopError
from client.model.report import Attachment, ReportBody
from tests.unit.darkroom.samples import DICOM, HTML, RTF, page, pdf, saved, tiff

_HUGE = [struct.pack(form, value) for form in ("<I", ">I") for value in (0xFFFFFFFF, 0x7FFFFFFF, 0, 0x10000)]
_WORDS = [
    b"<",
    b">",
    b"&#x0;",
    b"{",
    b"}",
    b"\\",
    b"\\bin9999999 ",
    b"obj",
    b"endstream",
    b"/Kids[3 0 R]",
    b"\0" * 64,
]


def _dicom(name):
    return next(DICOM.rglob(name)).read_bytes()


def _attached(content_type):
    def develop(darkroom, data):
        body = ReportBody("", "", (Attachment(content_type, "", "", data, None, None),), ())
        assert compose_in(darkroom, body, {})

    return develop


def _narrative(darkroom, data):
    assert compose_in(darkroom, ReportBody(data.decode("utf-8", "replace"), "Normal.", (), ()), {})


def _opened(task, *questions):
    def develop(darkroom, data):
        with darkroom.open(task, {}, data) as desk:
            for question in questions:
                desk.ask(question)

    return develop


_LOOK = ({"what": "page", "page": 0, "scale": 1}, {"what": "text", "page": 0}, {"what": "words", "page": 0})
KINDS = {
    "HTML": (_attached("text/html"), [HTML]),
    "narrative": (_narrative, [HTML]),
    "RTF": (_attached("application/rtf"), [RTF]),
    "SR": (_attached("application/dicom"), [_dicom("test-SR.dcm"), _dicom("reportsi.dcm")]),
    "PDF": (_opened(Task.PDF, *_LOOK), [pdf("One", "Two")]),
    "scan": (
        _opened(Task.SCAN, {"page": 0, "scale": 1}),
        [
            tiff(page("1"), page("1"), compression="group4"),
            tiff(page(), compression="jpeg"),
            saved(page(), "JPEG"),
            saved(page("P"), "PNG"),
            saved(page("P"), "GIF"),
        ],
    ),
    "DICOM": (
        _opened(Task.IMAGE, {"page": 0}),
        [
            _dicom("MR_small.dcm"),
            _dicom("MR_small_RLE.dcm"),
            _dicom("MR_small_jp2klossless.dcm"),
            _dicom("MR_small_jpeg_ls_lossless.dcm"),
            _dicom("SC_rgb_jpeg_dcmtk.dcm"),
        ],
    ),
}
"""How each kind is developed, and what it is damaged from."""


def damaged(data, chance: random.Random):
    """Return `data` with one to eight injuries."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(found) + 1)
        length = chance.choice((1, 4, 16, 200, len(found) // 3))
        match chance.randrange(7):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                found[at : at + 4] = chance.choice(_HUGE)
            case 2:
                del found[at : at + length]
            case 3:
                found[at:at] = found[at : at + length] * chance.choice((1, 2, 50))
            case 4:
                found[at:at] = chance.choice(_WORDS) * chance.choice((1, 1, 1, 500))
            case 5:
                found[at : at + 2] = chance.randbytes(2)
            case _:
                other = chance.randrange(len(found) + 1)
                found[at : at + length] = found[other : other + length]
    return bytes(found[:2_000_000])


def develop_damaged(darkroom, kind, count, seed):
    """Develop `count` damaged documents of a kind; return what became of them, by what was said."""
    develop, samples = KINDS[kind]
    chance = random.Random(seed)
    became = {}
    for number in range(count):
        try:
            develop(darkroom, damaged(samples[number % len(samples)], chance))
            said = "shown"
        except DevelopError as error:
            said = str(error)
        became[said] = became.get(said, 0) + 1
    return became
