"""The way from model to document to generated model, and the proof that nothing is lost on it."""
