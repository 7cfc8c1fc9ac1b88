"""The portal's own routes: its description, sign-in, reading marks and the audit report."""
