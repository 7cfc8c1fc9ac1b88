"""DICOM documents: structured reports, key object selections, encapsulated PDF, and images named as such."""
