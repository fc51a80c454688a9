"""Checkpoints of the real libraries, random and small, and whether what is imported of them is
right: see generate.py."""
