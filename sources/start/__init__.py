"""A partnership's first evening: its folder, written for a district, and what to download for it.

`plan/*.csv` are the rows of such a plan, with names in braces for what differs by district and year; `downloads.yaml`
says which files the publishers have. Both are data.
"""
