"""Safelight: a desktop program that lets you read radiology reports without exposing them."""

__version__ = "0.1.0"
