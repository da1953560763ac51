"""All SQL of the catalog: functions over a connection, to be run as units of work."""
