"""What is done to a document in a process that is locked in: one file a kind of work."""
