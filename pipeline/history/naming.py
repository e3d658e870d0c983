"""The names that a filter may give → how they are kept.

All that were ever read, of now and of the past. Only reads.
"""

from __future__ import annotations

from pipeline.history.database import Database
from pipeline.history.reading import select

_SPELLED = {
    "page": "SELECT id, id FROM page",
    "vendor": "SELECT vendor, vendor FROM page",
    "product": """SELECT product, product FROM page UNION SELECT subject, subject FROM state
        UNION SELECT subject, subject FROM change UNION SELECT subject, subject FROM corrected""",
    "service": "SELECT service, service FROM state UNION SELECT service, service FROM corrected",
    "standard": """SELECT standard, standard FROM state UNION SELECT standard_name, standard
    FROM state
        UNION SELECT standard, standard FROM change UNION SELECT standard_name, standard FROM change
        UNION SELECT each.value, each.value FROM state, json_each(state.standards) AS each UNION
        SELECT standard, standard FROM corrected""",
}
_NAMES = """WITH corrected(subject, service, standard) AS (SELECT json_extract(should_be,
'$.subject'),
    json_extract(should_be, '$.service'), json_extract(should_be, '$.standard') FROM corrections),
spelled(name, kept) AS ({}) SELECT name, kept FROM spelled WHERE name <> '' AND kept <> ''
ORDER BY name"""


def names(db: Database, kind: str) -> tuple[tuple[str, str], ...]:
    """Return how every `page`, `vendor`, `product`, `service` or `standard` is spelled,
    each with how it is kept.

    A standard is spelled by its id and by its name, and kept by its id;
    of the rest, both are the same.
    """
    return tuple((row["name"], row["kept"]) for row in select(db, _NAMES.format(_SPELLED[kind])))
