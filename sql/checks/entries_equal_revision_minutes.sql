-- Every entry is counted in exactly one minute of one revision.
select
    (select count(*) from raw_entries)
        + (select coalesce(sum(entry_count), 0)::bigint from counted_entries) as entries,
    (select coalesce(sum(entry_count), 0)::bigint from revision_minutes) as revision_minutes
where entries <> revision_minutes
