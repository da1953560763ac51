"""The contract of the catalog service."""
