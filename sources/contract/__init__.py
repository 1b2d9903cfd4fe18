"""Contracts: what an agency agreed to send, read from ODCS documents, and the rules that they state."""
