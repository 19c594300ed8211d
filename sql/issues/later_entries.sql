-- How many entries of a cluster came after a report. Counts of the archive do not tell: where old files are dropped
-- they go down. Grain: one row. Parameters: service, cluster_id, from_ns (the last entry reported), to_ns.
-- grain: none (one row)
select count(*) as later_count
from ranked_entries as entry
inner join pattern_clusters as member using (service, pattern_id)
where entry.service = $service
    and member.cluster_id = $cluster_id
    and entry.entry_ns > $from_ns
    and entry.entry_ns < $to_ns
