"""Kernels of units that have a process of their own, in plain Python, compiled when first used."""
