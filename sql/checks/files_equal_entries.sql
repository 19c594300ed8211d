-- What the ledger says was kept is there: entries of all files less their duplicates.
select
    (select count(*) from raw_entries)
        + (select coalesce(sum(entry_count), 0)::bigint from counted_entries) as entries,
    (select coalesce(sum(entries - duplicates), 0)::bigint from files) as ledger
where entries <> ledger
