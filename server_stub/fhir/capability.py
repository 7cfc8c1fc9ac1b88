"""The CapabilityStatement: what the portal offers, written from the same table that offers it."""

from __future__ import annotations

import orjson

from server_stub.fhir.parameters import SERVED, Kind, sort_columns


def write_capability(base: str, name: str) -> bytes:
    """Return the CapabilityStatement for `GET /metadata` as JSON."""
    return orjson.dumps(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-01-01",
            "kind": "instance",
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json"],
            "software": {"name": "Safelight portal"},
            "implementation": {"description": name, "url": base},
            "rest": [
                {
                    "mode": "server",
                    "security": {"description": "Bearer token from the portal's own sign-in."},
                    "resource": [_resource(kind) for kind in SERVED],
                }
            ],
        }
    )


def _resource(kind: str) -> dict[str, object]:
    parameters = [{"name": "_id", "type": "token"}, {"name": "_lastUpdated", "type": "date"}]
    parameters += [{"name": entry.name, "type": entry.kind.value} for entry in SERVED[kind]]
    if any(entry.name == "patient" for entry in SERVED[kind]):
        parameters += [
            {"name": "patient.identifier", "type": "token"},
            {"name": "patient.name", "type": "string"},
        ]
    includes = [f"{kind}:{entry.name}" for entry in SERVED[kind] if entry.kind is Kind.REFERENCE]
    reverse = [
        f"{source}:{entry.name}"
        for source, entries in SERVED.items()
        for entry in entries
        if entry.kind is Kind.REFERENCE and kind in entry.targets
    ]
    resource: dict[str, object] = {
        "type": kind,
        "interaction": [{"code": code} for code in ("read", "vread", "history-instance", "search-type")],
        "versioning": "versioned",
        "readHistory": True,
        "conditionalRead": "not-match",
        "searchParam": parameters,
        "documentation": f"_sort by {', '.join(sort_columns(kind))}; _count, _total, _include, _revinclude.",
    }
    if includes:
        resource["searchInclude"] = includes
    if reverse:
        resource["searchRevInclude"] = reverse
    return resource
