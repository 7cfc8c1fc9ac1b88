"""DICOMweb (PS3.18): searching, retrieving and rendering the images that the portal holds."""
