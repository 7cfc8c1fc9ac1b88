"""A process that reads hostile texts by the way a portal's text takes; the kernel ends it when one stalls it.

Says each text before it is read, so that the last line tells which one it was. The bound is on the time of
the processor, not of the clock: a busy machine changes nothing.
"""

import contextlib
import importlib
import json
import re
import resource
import sys
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

LENGTH = 50_000  # characters
PATIENCE = 2  # seconds of the processor for one text; a healthy reader needs some hundredths of one


def ways(module):
    """Return the functions by which a text reaches the patterns of a module."""
    from client.documents.blocks import render
    from client.documents.charset import clean, decode
    from client.documents.content import declared, has_tags, sniff
    from client.documents.dicom.dataset import Texts, date_said, moment_said, time_said
    from client.documents.markup import read_markup
    from client.documents.prose import read_prose
    from client.documents.record import read_record
    from client.documents.rtf import read_rtf
    from client.documents.spoken import strip_markup
    from client.documents.telling import cut
    from client.documents.wrapping import unwrap
    from client.errors import DocumentError
    from client.model.moment import Moment
    from client.model.report import Code, ReportBody, Result
    from client.portal.fhir.bundle import next_ahead
    from client.portal.fhir.category import is_radiology
    from client.portal.fhir.imaging import read_key_images
    from client.portal.fhir.modality import from_words
    from client.portal.fhir.parcels import cut_up
    from client.portal.fhir.parse import parse_object
    from client.portal.fhir.text import line, paragraphs
    from client.session.words import words

    def prose(text):
        render(read_prose(clean(text)))

    def markup(text):
        render(read_markup(text))

    def undeclared(text):
        decode(text.encode("utf-8", "surrogatepass"), text, True)

    def page(text):
        sniff(text.encode())
        has_tags(text.encode())

    def rich(text):
        read_rtf(f"{{\\rtf1 {text}".encode())

    def packed(text):
        with contextlib.suppress(DocumentError):
            unwrap(text.encode())

    def dicom(text):
        Texts(declared=True).said(text)
        for said in (date_said, time_said, moment_said):
            said(text)

    def media(text):
        link = {"contentType": "application/dicom", "url": text}
        contained = {"resourceType": "Media", "id": "m", "content": link}
        read_key_images({"contained": [contained], "media": [{"link": {"reference": "#m"}}]})

    def results(text):
        value = Result(Code("", "", ""), text, "", "", "", "", "", "")
        read_record(ReportBody("", "", (), (), (value,)), lambda words: False, concluded=False)

    return {
        "client.documents.charset": [undeclared, clean],
        "client.documents.content": [page, declared],
        "client.documents.headings": [prose, markup],
        "client.documents.prose": [prose],
        "client.documents.signatures": [prose, markup],
        "client.documents.blocks": [prose, markup],
        "client.documents.composition": [prose],
        "client.documents.markup": [markup],
        "client.documents.spoken": [strip_markup],
        "client.documents.rtf": [rich],
        "client.documents.rtf_filter": [rich],
        "client.documents.reading": [page],
        "client.documents.record": [results],
        "client.documents.telling": [cut],
        "client.documents.wrapping": [packed],
        "client.documents.dicom.dataset": [dicom],
        "client.documents.dicom.references": [dicom],
        "client.documents.elements": [markup],
        "client.documents.runs": [markup],
        "client.documents.nesting": [markup, strip_markup],
        "client.portal.fhir.bundle": [lambda text: next_ahead(text.encode())],
        "client.portal.fhir.category": [lambda text: is_radiology({"code": {"text": text}})],
        "client.portal.fhir.imaging": [media],
        "client.portal.fhir.modality": [lambda text: from_words(text[:300])],
        "client.portal.fhir.parcels": [lambda text: cut_up(text.encode())],
        "client.portal.fhir.parse": [lambda text: parse_object(json.dumps({"text": text}).encode())],
        "client.portal.fhir.text": [line, lambda text: paragraphs(text, len(text))],
        "client.session.words": [words],
        "client.model.moment": [Moment.parse],
    }[module]


def patterns(module):
    """Return the patterns a module has."""
    return [each for each in vars(importlib.import_module(module)).values() if isinstance(each, re.Pattern)]


def hostile(module):
    """Return texts that begin what the patterns of a module look for again and again, and never end it."""
    units = {" ", "\n", "\t", "\u2003", "-", "1", ":", "<", ". ", "a ", "<p>", "\u202e"}
    for pattern in patterns(module):
        source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        source = re.sub(r"\\[a-zA-Z]|\(\?P<\w+>|\(\?(?:[:=!>]|<[=!])|[][(){}.*+?|^$\\]|\s", " ", source)
        pieces = list(dict.fromkeys(source.split()))[:25]
        units.update(pieces)
        units.update(first + second for first, second in pairwise(pieces))
        units.update(piece + " " for piece in pieces[:8])
    for unit in sorted(units):
        many = unit * (LENGTH // len(unit))
        yield many
        yield f"a{many}b"
        if len(unit) == 1:
            yield f"<p>a{many}b</p>"
            yield f"<pre>{many}</pre>"


def main(module):
    """Read them all."""
    read = ways(module)
    for text in hostile(module):
        for way in read:
            sys.stdout.write(f"{way.__name__} {len(text)} {text[:40]!r}\n")
            sys.stdout.flush()
            spent = resource.getrusage(resource.RUSAGE_SELF)
            limit = int(spent.ru_utime + spent.ru_stime) + PATIENCE + 1
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            way(text)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1])
