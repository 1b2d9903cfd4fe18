"""Intake: takes in what lies in landing, one feed after the other."""
