"""The history of the schema of the users service."""
