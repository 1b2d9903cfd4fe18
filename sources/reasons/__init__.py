"""Reason codes: why a delivery was refused or noted, in sentences of ours, apart from what its sender wrote."""
