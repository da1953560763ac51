"""What people would use instead, written as its documentation has it."""
