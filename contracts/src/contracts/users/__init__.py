"""What the users service offers: accounts, and the tokens and keys that all services rely on."""
