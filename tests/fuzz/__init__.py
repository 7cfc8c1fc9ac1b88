"""Fuzzing by hand, at length."""
