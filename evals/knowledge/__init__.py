"""Counts how often a question finds its passages, and how often the knowledge base owns up that it has none."""
