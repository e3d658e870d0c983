"""The tables of the config → a JSON Schema, by which editors complete and check the file.

Made from what checks it here.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, create_model

from pipeline.config import shape


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the config file, as draft 2020-12.

    What one key says of another is left to the command.
    """
    fields: dict[str, Any] = {}
    for name, table in shape.TABLES.items():
        if name in shape.LISTS:
            fields[name] = (list[table], Field(default=[]))  # type: ignore[valid-type]
        else:
            fields[name] = (table | None, Field(default=None))
    whole = create_model("Config", __base__=shape.Table, **fields)
    found = whole.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "claimwatch config",
        "description": "What claimwatch watches, and where it keeps what it sees.",
    }
