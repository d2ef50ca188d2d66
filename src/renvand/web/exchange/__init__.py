"""Tables in and out: with their units, sources, schema version, and the rights of who asks."""
