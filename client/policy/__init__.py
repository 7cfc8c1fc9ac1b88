"""The organisation's rules: one frozen table and where each value came from."""

from client.policy.table import Activity, Policy, Theme

__all__ = ["Activity", "Policy", "Theme"]
