-- When clusters of P0 to P2 began, where the service logged for ten minutes before. `onset_ns` is the first entry of
-- the cluster in its window.
-- Grain: window, cluster.
-- grain: window_id, lead_id
select
    cluster.window_id,
    cluster.lead_id,
    span.service,
    cluster.first_ns as onset_ns,
    arg_min(member.instance_id, (member.entry_ns, member.entry_key)) as instance_id
from clusters as cluster
inner join windows as span using (window_id)
inner join cluster_entries as member using (window_id, lead_id)
where cluster.priority <= 'P2'
    and not cluster.is_expected
    -- what the collection begins with began there or earlier
    and exists (
        select 1
        from service_minutes as minute
        where span.service = minute.service
            and minute.minute_ns <= cluster.first_ns - 600_000_000_000
    )
    and cluster.minutes_before is not distinct from 0
group by cluster.window_id, cluster.lead_id, span.service, cluster.first_ns
