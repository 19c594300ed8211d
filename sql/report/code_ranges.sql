-- Between which revisions the code changed that matters for a cluster, with their commits where anything names them.
-- Grain: window, cluster. `reason`: `back` in a revision, made `worse` by one, `introduced` by one (others would have
-- shown it), `first` seen in one (new, and too little is known of those before); else NULL, and nothing is compared.
-- `seen_revision` is the newest that shows it in the window, of those that name a commit the newest.
-- grain: window_id, lead_id
with

ordered as (
    select
        service,
        revision,
        place,
        lag(revision) over (partition by service order by place) as revision_before
    from revisions
),

seen as (
    select
        entry.window_id,
        entry.lead_id,
        arg_max(entry.revision, (named.commit_name is not null, ordered.place)) as revision
    from (
        select distinct window_id, lead_id, revision from cluster_entries where revision <> ''
    ) as entry
    inner join windows as span using (window_id)
    inner join ordered
        on span.service = ordered.service
        and entry.revision = ordered.revision
    left join revision_commits as named
        on span.service = named.service
        and entry.revision = named.revision
    group by all
),

asked as (
    select
        state.window_id,
        state.lead_id,
        span.service,
        case
            -- back without a revision that brought it back is no matter of the code
            when state.is_back_now and epoch_ns(shown.first_at) >= state.back_ns then 'back'
            when state.is_worse_now then 'worse'
            when len(origin.absent_before) > 0 then 'introduced'
            when state.state = 'new' then 'first'
        end as asked_reason,
        case asked_reason
            when 'back' then state.back_revision
            when 'worse' then state.worse_revision
            else origin.first_revision
        end as asked_revision,
        if(asked_reason = 'introduced', origin.absent_before[1], null) as absent_revision
    from cluster_states as state
    inner join windows as span on state.window_id = span.window_id
    left join cluster_origins as origin
        on span.service = origin.service
        and state.cluster_id = origin.cluster_id
        and epoch_ns(origin.first_at) < span.to_ns
    left join cluster_revisions as shown
        on span.service = shown.service
        and state.cluster_id = shown.cluster_id
        and state.back_revision = shown.revision
)

select
    asked.window_id,
    asked.lead_id,
    coalesce(asked.absent_revision, target.revision_before) as base_revision,
    base_named.commit_name as base_commit,
    if(base_revision is not null, target.revision, null) as target_revision,
    target_named.commit_name as target_commit,
    if(base_revision is not null, asked.asked_reason, null) as reason,
    seen.revision as seen_revision,
    seen_named.commit_name as seen_commit
from asked
left join ordered as target
    on asked.service = target.service
    and asked.asked_revision = target.revision
    and asked.asked_reason is not null
left join seen
    on asked.window_id = seen.window_id
    and asked.lead_id = seen.lead_id
left join revision_commits as base_named
    on asked.service = base_named.service
    and coalesce(asked.absent_revision, target.revision_before) = base_named.revision
left join revision_commits as target_named
    on asked.service = target_named.service
    and target.revision = target_named.revision
left join revision_commits as seen_named
    on asked.service = seen_named.service
    and seen.revision = seen_named.revision
order by asked.window_id, asked.lead_id
