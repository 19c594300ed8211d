-- The times of revisions. Grain: service, revision, in the order they went live.
-- grain: service, revision
select
    service,
    revision,
    epoch_ns(first_at) // 60_000_000_000 * 60_000_000_000 as from_ns,
    epoch_ns(last_at) // 60_000_000_000 * 60_000_000_000 + 60_000_000_000 as to_ns
from revisions
where to_ns > $from_ns
    and from_ns < $to_ns
order by service, first_at, revision
