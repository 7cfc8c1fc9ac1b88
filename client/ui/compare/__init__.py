"""Holding a report against others of the same patient, and against earlier versions of itself."""
