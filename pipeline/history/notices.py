"""What was told of outages, as a table: made from the messages that told it, which know it all.

SQL of migrations alone.
"""

from __future__ import annotations

# What was told of outages stands in the messages that told it;
# those of earlier versions do not name when one began.
NOTICES = """
ALTER TABLE run ADD COLUMN cut_off INTEGER;
CREATE INDEX look_run ON look(run, page, captured_at);
CREATE TABLE notice (
    message TEXT NOT NULL, recipient TEXT NOT NULL, kind TEXT NOT NULL, page TEXT NOT NULL,
    since TEXT, looks INTEGER NOT NULL, last_good_at TEXT, UNIQUE (message, kind, page)
) STRICT;
INSERT OR IGNORE INTO notice (message, recipient, kind, page, looks, last_good_at)
SELECT delivery.id, delivery.recipient,
    CASE WHEN list.key = 'recovered' THEN 'recovered'
    WHEN json_extract(told.value, '$.confirmed') = 0 THEN 'doubted' ELSE 'unread' END,
    json_extract(told.value, '$.page'), json_extract(told.value, '$.looks'),
    replace(json_extract(told.value, '$.last_good_at'), 'Z', '+00:00')
FROM delivery JOIN json_each(json_extract(delivery.message, '$.payload')) AS list
    ON list.key IN ('unread', 'recovered')
JOIN json_each(list.value) AS told;
"""

ALL_NOTICES = """
ALTER TABLE notice RENAME TO some_notice;
CREATE TABLE notice (
    message TEXT NOT NULL, recipient TEXT NOT NULL, kind TEXT NOT NULL, page TEXT NOT NULL,
    since TEXT, looks INTEGER NOT NULL, last_good_at TEXT, UNIQUE (message, kind, page, since)
) STRICT;
INSERT INTO notice SELECT * FROM some_notice;
DROP TABLE some_notice;
INSERT OR IGNORE INTO notice (message, recipient, kind, page, since, looks, last_good_at)
SELECT delivery.id, delivery.recipient,
    CASE WHEN list.key = 'recovered' THEN 'recovered'
    WHEN json_extract(told.value, '$.confirmed') = 0 THEN 'doubted' ELSE 'unread' END,
    json_extract(told.value, '$.page'), replace(json_extract(told.value, '$.since'), 'Z', '+00:00'),
    json_extract(told.value, '$.looks'),
    replace(json_extract(told.value, '$.last_good_at'), 'Z', '+00:00')
FROM delivery JOIN json_each(json_extract(delivery.message, '$.payload')) AS list
    ON list.key IN ('unread', 'recovered')
JOIN json_each(list.value) AS told WHERE json_extract(told.value, '$.since') IS NOT NULL
"""
