"""FHIR R4 read as it is met in the wild: any JSON in, a report, a row that says why, or a clear error out."""
