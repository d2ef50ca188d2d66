"""The whole programme on a case ten times the size of the example."""
