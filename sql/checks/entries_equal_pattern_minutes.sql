-- Every entry is counted in exactly one minute of one pattern.
select
    (select count(*) from raw_entries)
        + (select coalesce(sum(entry_count), 0)::bigint from counted_entries) as entries,
    (select coalesce(sum(entry_count), 0)::bigint from pattern_minutes) as pattern_minutes
where entries <> pattern_minutes
