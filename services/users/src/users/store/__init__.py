"""All SQL of the users service."""
