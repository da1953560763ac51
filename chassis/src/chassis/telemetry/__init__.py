"""What a service tells those who operate it, declared as data."""
