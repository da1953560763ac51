"""The APIs of the users service."""
