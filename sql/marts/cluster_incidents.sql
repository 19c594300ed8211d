-- Incidents of a cluster inside the window: those that hold its lead, and, of revisions where that happened, those cut
-- off by the collection that hold another of its patterns. Grain: cluster, incident.
with

found as (
    select
        member.lead_id,
        incident.incident_id,
        any_value(incident.revision) as revision,
        any_value(incident.instance_id) as instance_id,
        any_value(incident.run_number) as run_number,
        any_value(epoch_ns(incident.started_at)) as started_ns,
        any_value(epoch_ns(incident.ended_at)) as ended_ns,
        bool_or(member.is_lead) as has_lead,
        any_value(incident.is_cut) as is_cut
    from incidents as incident
    inner join cluster_patterns as member on list_contains(incident.pattern_ids, member.pattern_id)
    inner join window_patterns as lead on member.lead_id = lead.pattern_id and lead.is_failure
    where incident.service = $service
        and epoch_ns(incident.started_at) >= $from_ns
        and epoch_ns(incident.started_at) < $to_ns
    group by member.lead_id, incident.incident_id
)

select *
from found
where has_lead
    or (is_cut and (lead_id, revision) in (select (lead_id, revision) from found where has_lead))
