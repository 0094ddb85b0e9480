"""Counts how often a sentence reaches the right study with the right arguments."""
