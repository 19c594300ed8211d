-- What a form took of each file is what it made of it, byte for byte (for Parquet, row for row): the three parts are
-- counted by cutting and by reading, the whole by neither.
select
    path,
    content_bytes,
    entry_bytes,
    reject_bytes,
    separator_bytes
from files
where content_bytes <> entry_bytes + reject_bytes + separator_bytes
