"""Documents of pages on screen: PDF and scans, drawn elsewhere and shown here as pictures."""
