"""The demonstration data, generated once for all tests of this folder, with ways to read it."""

import base64
import html
import re
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from server_stub.demo import generate

RADIOLOGY = {"RAD", "RX", "CT", "NMR", "RUS", "NMS", "LP29684-5", "394914008"}


@dataclass
class Data:
    """Resources by type and id, every version of every report in the order it came."""

    all: list = field(default_factory=list)
    by_reference: dict = field(default_factory=dict)
    versions: dict = field(default_factory=lambda: defaultdict(list))

    def of(self, kind):
        return [resource for resource in self.all if resource["resourceType"] == kind]

    def latest(self):
        """The last version of every report, radiology only."""
        return [history[-1] for history in self.versions.values() if is_radiology(history[-1])]

    def text(self, report):
        """What a reader sees of a report, "" for a PDF or where there is no text."""
        if "text" in report:
            return plain(report["text"]["div"])
        for attachment in report.get("presentedForm", []):
            kind = attachment["contentType"].partition(";")[0]
            raw = self.bytes_of(attachment)
            if kind == "application/pdf":
                return ""
            if kind == "text/html":
                return plain(raw.decode())
            if kind.endswith("rtf"):
                return unescape_rtf(raw.decode("ascii"))
            return raw.decode().replace("\r\n", "\n")
        return report.get("conclusion", "")

    def bytes_of(self, attachment):
        data = attachment.get("data") or self.by_reference[attachment["url"]]["data"]
        return base64.b64decode(data, validate=True)


def is_radiology(report):
    codes = {coding["code"] for concept in report.get("category", []) for coding in concept["coding"]}
    return not codes or bool(codes & RADIOLOGY)


def plain(markup):
    return html.unescape(
        re.sub(r"<[^>]+>", "\n", re.sub(r"<(style|title)>.*?</\1>|<style.*?</style>", "", markup))
    )


def unescape_rtf(text):
    text = re.sub(r"\\u(-?\d+)\?", lambda m: chr(int(m[1]) % 65536), text)
    return re.sub(r"\\[a-z]+\d* ?|[{}]", "\n", text)


def collect(resources):
    data = Data()
    for resource in resources:
        data.all.append(resource)
        data.by_reference[f"{resource['resourceType']}/{resource['id']}"] = resource
        if resource["resourceType"] == "DiagnosticReport":
            data.versions[resource["id"]].append(resource)
    return data


@pytest.fixture(scope="session")
def data():
    return collect(generate())
