"""Demonstration data: invented patients with radiology reports, generated from a fixed seed."""

from server_stub.demo.generate import generate

__all__ = ["generate"]
