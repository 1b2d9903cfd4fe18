"""The relationship diagram of the published tables, from the keys and references that data tests check."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Model = Mapping[str, Any]


def diagram(
    models: Sequence[Model], keys: Mapping[str, Sequence[str]], references: Mapping[str, Mapping[str, str]]
) -> str:
    """Return a Mermaid diagram of the tables that refer to another or are referred to.

    Args:
        models: the published tables.
        keys: the columns of each table's key, by its name; none where it has no key of columns alone.
        references: of each table the columns that lead to the key of another, with the name of that one.
    """
    linked = {name for name in references if references[name]}
    linked |= {other for name in linked for other in references[name].values()}
    shown = sorted((model for model in models if model["name"] in linked), key=lambda model: str(model["name"]))
    return "\n".join(["```mermaid", "erDiagram", *_lines(shown, keys, references), "```"])


def _lines(
    models: Sequence[Model], keys: Mapping[str, Sequence[str]], references: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for model in models:
        name = model["name"]
        yield f"    {name} {{"
        for column in model["columns"]:
            roles = [
                role
                for role, has in (("PK", column["name"] in keys[name]), ("FK", column["name"] in references[name]))
                if has
            ]
            if roles:
                kind = re.sub(r"\W.*", "", column["data_type"])  # Mermaid takes one word
                yield f"        {kind} {column['name']} {', '.join(roles)}"
        yield "    }"
    for model in models:
        for column, other in references[model["name"]].items():
            yield f"    {other} ||--o{{ {model['name']} : {column}"
