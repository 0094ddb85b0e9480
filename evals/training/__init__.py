"""Trains what the embedded brain learns from examples."""
