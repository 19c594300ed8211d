-- The number that Cloud Run gave a revision: 54 of `api-00054-abc`; NULL where the name is somebody's own.
try_cast(regexp_extract(revision, '-([0-9]{5})-[a-z0-9]{3}$', 1) as int)
