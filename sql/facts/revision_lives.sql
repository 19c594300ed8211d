-- What each revision had the chance to show: its starts, its active minutes, and of these those of which a severity was
-- not collected. Grain: service, revision.
-- grain: service, revision
select
    revision.service,
    revision.revision,
    revision.place,
    revision.first_at,
    revision.last_at,
    revision.active_minutes,
    coalesce(starts.start_count, 0) as start_count,
    gaps.uncovered
from revisions as revision
left join (
    select service, revision, count(*) as start_count
    from starts
    group by all
) as starts
    on revision.service = starts.service
    and revision.revision = starts.revision
left join (
    select
        service,
        revision,
        map_from_entries(list((severity::varchar, minute_count))) as uncovered
    from (
        select
            minute.service,
            minute.revision,
            gap.severity,
            count(*) as minute_count
        from revision_minutes as minute
        inner join uncovered_minutes as gap
            on minute.service = gap.service
            and epoch_ns(minute.minute) = gap.minute_ns
        where gap.missing_ns > 30_000_000_000
        group by all
    ) as missing
    group by all
) as gaps
    on revision.service = gaps.service
    and revision.revision = gaps.revision
