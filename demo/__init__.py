"""The whole shop on one machine: a demonstration that tells what it does, and a stack that stays up."""
