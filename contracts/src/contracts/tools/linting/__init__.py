"""The wire rules: what a contract may say so that two readers of it never disagree about a payload."""
