-- Every entry belongs to exactly one pattern. Answers rows only where counts differ.
select
    (select count(*) from raw_entries)
        + (select coalesce(sum(entry_count), 0)::bigint from counted_entries) as entries,
    (select coalesce(sum(entry_count), 0)::bigint from patterns) as patterns
where entries <> patterns
