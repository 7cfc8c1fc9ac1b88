"""Bytes to something to show. Pure: no disk, no network, no Qt."""
