"""Serving a release from a database server, to tools that open no file: a copy, made whole or not at all.

Only `errors` can be imported without the extra `postgres`.
"""
