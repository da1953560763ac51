"""The shop's API contracts: what services publish, and how their callers call them."""
