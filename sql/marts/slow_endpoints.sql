-- Endpoints whose requests succeed and take at least twice as long as before, and 100 ms longer, by their medians: from
-- one moment on, for a stretch, or in one revision. Eight requests over a minute stand on both sides.
-- Grain: window, endpoint, of the two ways to put it the surer one. `latency_rises` has the p-value after all endpoints
-- and stretches tried. `since_ns` and `until_ns` are the first slow request and, where faster ones follow, the last.
-- `base_revision` is there where the revision makes the difference. `place` orders them by time lost.
-- grain: window_id, endpoint
with

sides as (
    select
        rise.window_id,
        rise.endpoint,
        rise.base_place is not null as is_by_revision,
        rise.ln_p,
        request.entry_ns,
        request.latency_ns,
        request.revision,
        case
            when rise.base_place is null then
                case
                    when request.place < rise.first_place then 'before'
                    when request.place <= rise.last_place then 'slow'
                    else 'after'
                end
            when request.revision_place = rise.revision_place then 'slow'
            when request.revision_place = rise.base_place then 'before'
        end as side
    from latency_rises as rise
    inner join endpoint_latencies as request using (window_id, endpoint)
    where is_significant(exp(rise.ln_p))
),

measured as (
    select
        window_id,
        endpoint,
        is_by_revision,
        ln_p,
        side,
        count(*) as request_count,
        round(median(latency_ns))::bigint as median_ns,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        any_value(revision) as revision
    from sides
    where side is not null
    group by all
),

compared as (
    select
        slow.window_id,
        slow.endpoint,
        if(slow.is_by_revision, slow.revision, null) as revision,
        if(slow.is_by_revision, before.revision, null) as base_revision,
        slow.first_ns as since_ns,
        if(after.request_count > 0, slow.last_ns, null) as until_ns,
        slow.request_count as slow_count,
        slow.median_ns as slow_median_ns,
        before.request_count as before_count,
        before.median_ns as before_median_ns,
        coalesce(after.request_count, 0) as after_count,
        after.median_ns as after_median_ns,
        exp(slow.ln_p) as p
    from measured as slow
    inner join measured as before
        on slow.window_id = before.window_id
        and slow.endpoint = before.endpoint
        and slow.is_by_revision = before.is_by_revision
        and before.side = 'before'
    left join measured as after
        on slow.window_id = after.window_id
        and slow.endpoint = after.endpoint
        and slow.is_by_revision = after.is_by_revision
        and after.side = 'after'
    where slow.side = 'slow'
        and least(slow.request_count, before.request_count) >= 8
        and least(slow.last_ns - slow.first_ns, before.last_ns - before.first_ns) >= 60_000_000_000
        and slow.median_ns >= 2 * before.median_ns
        and slow.median_ns - before.median_ns >= 100_000_000
        and (after.median_ns is null or slow.median_ns >= 2 * after.median_ns or after.request_count < 8)
    qualify row_number() over (
        partition by slow.window_id, slow.endpoint order by slow.ln_p asc, slow.is_by_revision desc
    ) = 1
)

select
    *,
    row_number() over (
        partition by window_id
        order by slow_count * (slow_median_ns - before_median_ns)::double desc, endpoint asc
    ) as place
from compared
