-- Where the window's entries come from: project, location, instances, and labels of the entries.
-- Of entries that were counted and not fetched, instances and labels are not known: theirs are counts among those
-- fetched.
-- Grain: window, name of a fact, value; the commonest values first.
-- grain: window_id, fact, value
with

entry_counts as (
    select source_id, label_set_id, entry_at as first_at, 1 as entry_count, true as is_fetched
    from raw_entries
    where entry_at >= make_timestamp_ns($from_ns)
        and entry_at < make_timestamp_ns($to_ns)
    union all
    select source_id, null as label_set_id, first_at, entry_count, false as is_fetched
    from counted_entries
    where minute_ns >= $from_ns
        and minute_ns < $to_ns
),

inside as (
    select
        span.window_id,
        source.project,
        source.location,
        coalesce(nullif(source.instance_id, ''), labels.instance_id) as instance_id,
        labels.labels,
        raw.is_fetched,
        sum(raw.entry_count)::bigint as entry_count
    from entry_counts as raw
    inner join identified_sources as source using (source_id)
    inner join windows as span
        on is_in_window(span, source.service, source.revision, epoch_ns(raw.first_at))
    left join label_sets as labels using (label_set_id)
    group by all
),

facts as (
    select window_id, 'project' as fact, project as value, sum(entry_count)::bigint as entry_count
    from inside
    group by all
    union all
    select window_id, 'location' as fact, location as value, sum(entry_count)::bigint as entry_count
    from inside
    group by all
    union all
    select window_id, 'instance' as fact, instance_id as value, sum(entry_count)::bigint as entry_count
    from inside
    group by all
    union all
    select
        sets.window_id,
        'label ' || label.key as fact,
        label.value ->> '$' as value,
        sum(sets.entry_count)::bigint as entry_count
    from (
        select window_id, labels, sum(entry_count) as entry_count from inside where labels is not null group by all
    ) as sets,
        json_each(sets.labels) as label
    where label.key not in ('instanceId', 'instance_id', 'instanceid')
    group by all
)

select
    window_id,
    fact,
    value,
    entry_count,
    count(*) over (partition by window_id, fact) as value_kinds,
    sum(entry_count) over (partition by window_id, fact)::bigint as fact_count,
    if(fact in ('project', 'location'), window_count, fetched_count) as window_count
from facts
inner join (
    select
        window_id,
        sum(entry_count)::bigint as window_count,
        coalesce(sum(entry_count) filter (is_fetched), 0)::bigint as fetched_count
    from inside
    group by all
) as totals using (window_id)
where value <> ''
qualify row_number() over (partition by window_id, fact order by entry_count desc, value asc) <= 5
order by fact asc, entry_count desc, value asc
