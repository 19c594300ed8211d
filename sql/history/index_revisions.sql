-- Revisions with what they changed. Grain: service, revision, oldest first.
-- grain: service, revision
select
    revision.service,
    revision.revision,
    epoch_ns(revision.first_at) as first_ns,
    epoch_ns(revision.last_at) as last_ns,
    revision.entry_count,
    revision.error_count,
    revision.request_count,
    change.base_revision,
    coalesce(change.worse_count, 0) as worse_count,
    coalesce(change.better_count, 0) as better_count,
    change.worst
from revisions as revision
left join (
    select
        service,
        revision,
        any_value(base_revision) as base_revision,
        count(*) filter (verdict in ('new', 'worse')) as worse_count,
        count(*) filter (verdict in ('gone', 'better')) as better_count,
        list(
            {verdict: verdict, template: template, ratio: ratio, ratio_lower: ratio_lower, ratio_upper: ratio_upper}
            order by severity_number desc, excess_count desc, pattern_id asc
        ) filter (verdict in ('new', 'worse'))[1:3] as worst
    from revision_changes
    group by all
) as change using (service, revision)
where epoch_ns(revision.last_at) >= $from_ns
    and epoch_ns(revision.first_at) < $to_ns
order by revision.service, revision.first_at, revision.revision
