"""The APIs of the catalog service."""
