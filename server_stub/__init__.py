"""A complete radiology portal for demonstration, development and tests."""
