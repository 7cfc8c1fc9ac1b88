"""Faults on demand, for tests: a portal that is slow, silent, wrong or gone. Off by default."""
