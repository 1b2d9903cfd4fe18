"""The code location that `[tool.dg]` of pyproject.toml names."""

from orchestration.code_location import build_definitions

defs = build_definitions()
