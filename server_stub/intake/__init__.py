"""Taking data in: files and generators of FHIR resources and DICOM files, into the database."""
