-- In which revisions a cluster was seen, over the archive up to the window's end. Grain: window, cluster, revision;
-- entries that name no revision are one of their own, ''.
-- grain: window_id, cluster_id, revision
select
    span.window_id,
    member.cluster_id,
    entry.revision,
    min(entry.entry_ns) as first_ns,
    max(entry.entry_ns) as last_ns
from windows as span
inner join ranked_entries as entry
    on span.service = entry.service and entry.entry_ns < span.to_ns
inner join pattern_clusters as member
    on entry.service = member.service and entry.pattern_id = member.pattern_id
group by all
order by first_ns, entry.revision
