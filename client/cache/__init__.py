"""The encrypted cache: key, record format, store. Nothing else."""
