"""Synthetic images of some of the demonstration studies: no patient, no body, phantoms drawn by formula."""
