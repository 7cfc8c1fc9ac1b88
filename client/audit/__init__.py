"""The trail without patient data: events, hash chain, delivery queue."""
