"""FHIR R4 over HTTP: read, search, versioned read and history, each behind the same access rule."""
