"""Small files beside the warehouse: what a run computes from, and which run built the marts."""
