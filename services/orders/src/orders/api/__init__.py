"""The doors of the orders service, one module a version."""
