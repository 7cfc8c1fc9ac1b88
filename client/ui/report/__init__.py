"""Reading a report."""
