"""The organisation's rules: one frozen table and where each value came from."""
