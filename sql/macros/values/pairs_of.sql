-- Pairs of sides from JSON, for queries that bind them. A side that names no revision means all.
from_json(text, '[{
    "pair_id": "INTEGER", "service": "VARCHAR",
    "base_revision": "VARCHAR", "base_from_ns": "BIGINT", "base_to_ns": "BIGINT",
    "target_revision": "VARCHAR", "target_from_ns": "BIGINT", "target_to_ns": "BIGINT"
}]')
