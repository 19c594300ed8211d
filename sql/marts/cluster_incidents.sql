-- Incidents of a cluster inside its window: those that hold its lead, and, of revisions where that happened, those cut
-- off by the collection that hold another of its patterns. Grain: window, cluster, incident.
-- grain: window_id, lead_id, incident_id
with

found as (
    select
        member.window_id,
        member.lead_id,
        incident.incident_id,
        any_value(incident.revision) as revision,
        any_value(incident.instance_id) as instance_id,
        any_value(incident.run_number) as run_number,
        any_value(epoch_ns(incident.started_at)) as started_ns,
        any_value(epoch_ns(incident.ended_at)) as ended_ns,
        bool_or(member.is_lead) as has_lead,
        any_value(incident.is_cut) as is_cut
    from windows as span
    inner join (select *, unnest(list_distinct(pattern_ids)) as pattern_id from incidents) as incident
        on is_in_window(span, incident.service, incident.revision, epoch_ns(incident.started_at))
    inner join cluster_patterns as member
        on span.window_id = member.window_id and incident.pattern_id = member.pattern_id
    inner join window_patterns as lead
        on span.window_id = lead.window_id and member.lead_id = lead.pattern_id and lead.is_failure
    group by member.window_id, member.lead_id, incident.incident_id
)

select *
from found
where has_lead
    or (is_cut and (window_id, lead_id, revision) in (select (window_id, lead_id, revision) from found where has_lead))
