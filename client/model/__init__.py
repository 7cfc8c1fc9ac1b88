"""Frozen dataclasses of the field: user, patient, report, attachment. No I/O."""
