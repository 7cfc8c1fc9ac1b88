"""One sign-in to one sign-out: lifetime, idle, sync, worklist, search."""
