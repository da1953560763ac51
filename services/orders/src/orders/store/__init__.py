"""All SQL of the orders service: functions over a connection, one module a noun."""
