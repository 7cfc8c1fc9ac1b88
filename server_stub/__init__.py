"""A complete radiology portal for demonstration, development and tests; see README.md beside this file."""
