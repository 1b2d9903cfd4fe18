"""The code location that `workspace.yaml` names."""

from orchestration.code_location import build_definitions

defs = build_definitions()
