"""What the portal keeps: its folder, database and certificate, users, sessions, marks and audit events."""
