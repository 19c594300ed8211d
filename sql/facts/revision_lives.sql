-- What each revision had the chance to show: its starts, with how long each instance is seen, its active minutes and
-- hours, and the minutes of which a severity was not collected. Grain: service, revision.
-- grain: service, revision
select
    revision.service,
    revision.revision,
    revision.place,
    revision.first_at,
    revision.last_at,
    revision.active_minutes,
    coalesce(hours.active_hours, 0) as active_hours,
    coalesce(starts.start_count, 0) as start_count,
    coalesce(starts.lives_ns, []) as lives_ns,
    gaps.uncovered
from revisions as revision
left join (
    select
        service,
        revision,
        count(*) as start_count,
        list(epoch_ns(last_at) - epoch_ns(first_at) order by epoch_ns(last_at) - epoch_ns(first_at)) as lives_ns
    from starts
    group by all
) as starts
    on revision.service = starts.service
    and revision.revision = starts.revision
left join (
    select service, revision, count(distinct epoch_ns(minute) // 3_600_000_000_000) as active_hours
    from revision_minutes
    group by all
) as hours
    on revision.service = hours.service
    and revision.revision = hours.revision
left join (
    select
        service,
        revision,
        map_from_entries(list((severity::varchar, minute_count) order by severity)) as uncovered
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
