"""Expectations as asset checks, and the gate that reads what all checks said."""
