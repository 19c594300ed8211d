-- What the program wrote last before instances end that wrote of no failure, where failures were collected: at any
-- severity, in the five minutes before each of the newest 50 ends. A line is among the last three patterns of its
-- instance. A cluster with such ends and no line has one row without a pattern. `is_collected`: whether lines below
-- NOTICE were collected at all of these times.
-- Grain: window, cluster, place; the commonest last line first.
-- grain: window_id, lead_id, place
with

tellings as (
    select
        final.* exclude (pattern_ids),
        unnest(final.pattern_ids) as pattern_id
    from instance_ends as final
    anti join end_causes as cause
        on final.service = cause.service
        and final.instance_id = cause.instance_id
        and final.end_number = cause.end_number
    where exists (
        select 1
        from error_spans as span
        where final.service = span.service
            and final.first_ns between span.covered_from_ns and span.file_last_ns
    )
),

ends as (
    select distinct
        span.window_id,
        member.lead_id,
        final.* exclude (pattern_id)
    from windows as span
    inner join tellings as final
        on is_in_window(span, final.service, final.revision, final.first_ns)
    inner join cluster_patterns as member
        on span.window_id = member.window_id and final.pattern_id = member.pattern_id
),

newest as (
    select
        *,
        least(count(*) over (partition by window_id, lead_id), 50) as end_count
    from ends
    qualify row_number() over (
        partition by window_id, lead_id order by last_ns desc, instance_id asc, end_number asc
    ) <= 50
),

candidates as (
    select
        service_key as service,
        instance_id,
        pattern_id,
        epoch_ns(entry_at) as entry_ns,
        entry_key,
        message
    from entries
    where entry_at >= make_timestamp_ns(greatest($from_ns, -9_000_000_000_000_000_000) - 300_000_000_000)
        and entry_at < make_timestamp_ns($to_ns)
        and kind in ('message', 'exception')
        and log_id not like '%varlog/system'
        and instance_id in (select instance_id from newest)
),

before as (
    select
        final.window_id,
        final.lead_id,
        final.instance_id,
        final.end_number,
        line.pattern_id,
        max(line.entry_ns) as entry_ns,
        arg_max(line.message, (line.entry_ns, line.entry_key)) as message,
        final.first_ns - max(line.entry_ns) as lag_ns,
        count(*) as entry_count,
        case when count(*) > 2 then (max(line.entry_ns) - min(line.entry_ns)) // (count(*) - 1) end as pause_ns
    from newest as final
    inner join candidates as line
        on final.service = line.service
        and final.instance_id = line.instance_id
        and line.entry_ns between final.first_ns - 300_000_000_000 and final.last_ns
        and (final.before_ns is null or line.entry_ns > final.before_ns)
    anti join pattern_traits as trait
        on line.service = trait.service
        and line.pattern_id = trait.pattern_id
        and (trait.ends_instance or trait.is_startup_failure)
    group by final.window_id, final.lead_id, final.instance_id, final.end_number, final.first_ns, line.pattern_id
    qualify row_number() over (
        partition by final.window_id, final.lead_id, final.instance_id, final.end_number
        order by max(line.entry_ns) desc, line.pattern_id asc
    ) <= 3
),

lines as (
    select
        window_id,
        lead_id,
        pattern_id,
        arg_max(message, entry_ns) as message,
        count(*) as together_count,
        round(median(lag_ns))::bigint as lag_ns,
        arg_max(entry_count, entry_ns) as entry_count,
        arg_max_null(pause_ns, entry_ns) as pause_ns
    from before
    group by all
),

clusters_with_ends as (
    select
        window_id,
        lead_id,
        end_count,
        bool_and(exists (
            select 1
            from severity_spans as span
            where newest.service = span.service
                and span.severity < 'NOTICE'::severity_name
                and newest.first_ns >= span.from_ns
                and newest.first_ns < span.to_ns
        )) as is_collected
    from newest
    group by all
)

select
    final.window_id,
    final.lead_id,
    row_number() over (
        partition by final.window_id, final.lead_id
        order by line.together_count desc, line.lag_ns asc, line.pattern_id asc
    ) as place,
    final.end_count,
    final.is_collected,
    line.* exclude (window_id, lead_id)
from clusters_with_ends as final
left join lines as line using (window_id, lead_id)
qualify place <= 5
