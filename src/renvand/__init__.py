"""Renvand: an open workbench for water partnerships."""
