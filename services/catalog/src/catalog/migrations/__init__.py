"""The steps by which the schema of the catalog's database came to be."""
