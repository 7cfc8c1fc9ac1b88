"""Key images and series beside a report: thumbnails, the full view, window and level, measuring.

Must never: show an image without the two identifiers of the patient it belongs to, or without saying that
this display is not calibrated.
"""
