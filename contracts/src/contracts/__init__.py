"""The shop's API contracts."""
