"""Reports on paper and in files: laid out, looked at before, printed or saved."""
