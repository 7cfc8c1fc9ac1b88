"""The demonstration: the real program on a real portal, by hand or as a guided tour."""
