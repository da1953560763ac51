"""The compatibility gate: what breaks when one document takes the place of another, with the payload that shows it."""
