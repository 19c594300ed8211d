-- The revision that a change made, and how that is known: `answer` or `request` of the act, `report` of the platform,
-- `next change` (which read what was there before it), or `first entry`: the revision whose entries begin within ten
-- minutes, and before the next change. Grain: change that may have made a revision and of which it is known.
-- grain: change_at, change_key
with

in_order as (
    select
        *,
        lead(revision_before) over later as revision_next,
        lead(generation_before) over later as generation_next,
        min(if(is_new is distinct from false, change_at, null)) over (
            partition by service order by change_at, change_key rows between 1 following and unbounded following
        ) as next_at
    from audited_changes
    window later as (partition by service, revision_before is null order by change_at, change_key)
),

named as (
    select
        *,
        case
            when is_new is null and revision_answered = revision_before then null
            else revision_answered
        end as answer,
        case
            when generation_next = generation_before + 1 and revision_next <> revision_before then revision_next
        end as next_read
    from in_order
    where is_new is distinct from false
        and not is_refused
        and target not in ('job', 'build')
        and verb <> 'delete'
),

said as (
    select
        *,
        coalesce(answer, revision_asked, next_read) as revision,
        case
            when answer is not null then if(is_revision_reported, 'report', 'answer')
            when revision_asked is not null then 'request'
            when next_read is not null then 'next change'
        end as revision_source
    from named
)

select
    said.change_at,
    said.change_key,
    said.service,
    coalesce(said.revision, began.revision) as revision,
    coalesce(said.revision_source, 'first entry') as revision_source
from said
asof left join (
    select service, revision, first_at
    from revisions
    where not exists (
        select 1
        from said as other
        where other.service = revisions.service
            and other.revision = revisions.revision
    )
) as began
    on said.service = began.service
    and said.change_at <= began.first_at
where said.revision is not null
    or (
        began.first_at - said.change_at <= interval 10 minute
        and (said.next_at is null or began.first_at < said.next_at)
    )
