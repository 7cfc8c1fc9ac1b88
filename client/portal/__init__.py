"""The portal over TLS: connection, sign-in, FHIR to model, audit delivery."""
