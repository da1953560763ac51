"""The contract of the orders service."""
