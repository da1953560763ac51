"""The history of the schema of the orders service."""
