-- Failures of one instance that come together: steps of one failure. A warning takes part where the
-- function that wrote it wrote a failure too. Grain: service, lead, member. A member comes with its lead in
-- at least 9 of 10 runs whose errors the collection covers, and by chance it would hardly: the bound is
-- C(n,k) q^k, q being the share of time near a lead's run on one instance.
-- grain: service, lead_id, member_id
with

covered as (
    select
        run.*,
        (run.service, run.scope, run.instance_id, run.run_number) as run
    from run_patterns as run
    where exists (
        select 1
        from error_spans as span
        where run.service = span.service
            and run.first_ns between span.covered_from_ns and span.file_last_ns
    )
),

runs as (
    select covered.*
    from covered
    where is_failure
    union all
    select covered.*
    from covered
    semi join failure_sites as site
        on covered.service = site.service and covered.pattern_id = site.pattern_id
    where not is_failure
),

pattern_runs as (
    select service, scope, pattern_id, count(*) as run_count
    from runs
    group by all
),

spans as (
    select
        service,
        greatest(max(entry_ns) - min(entry_ns), 1_000_000_000) / 1e9 as seconds,
        greatest(count(distinct coalesce(instance_id, 'trace ' || trace)) filter (kind in ('message', 'exception')), 1)
            as instances
    from ranked_entries
    group by all
),

pairs as (
    select
        lead.service,
        lead.scope,
        lead.pattern_id as lead_id,
        member.pattern_id as member_id,
        count(*) as together_count,
        quantile_disc(member.first_ns - lead.first_ns, 0.5) as lag_ns,
        quantile_disc(abs(member.first_ns - lead.first_ns), 0.9) as reach_ns
    from runs as lead
    inner join runs as member on lead.run = member.run and lead.pattern_id <> member.pattern_id
    group by all
),

weighed as (
    select
        pairs.*,
        members.run_count as member_count,
        leads.run_count as lead_count,
        least(1.0, 2 * greatest(pairs.reach_ns / 1e9, 0.1) * leads.run_count / spans.seconds / spans.instances)
            as chance,
        least(1.0, exp(
            lgamma(members.run_count + 1) - lgamma(pairs.together_count + 1)
            - lgamma(members.run_count - pairs.together_count + 1)
            + pairs.together_count * ln(chance)
        )) as chance_bound
    from pairs
    inner join pattern_runs as members
        on pairs.service = members.service and pairs.scope = members.scope and pairs.member_id = members.pattern_id
    inner join pattern_runs as leads
        on pairs.service = leads.service and pairs.scope = leads.scope and pairs.lead_id = leads.pattern_id
    inner join spans on pairs.service = spans.service
)

select
    service,
    lead_id,
    member_id,
    arg_min(together_count, (chance_bound, scope)) as together_count,
    arg_min(member_count, (chance_bound, scope)) as member_count,
    arg_min(lag_ns, (chance_bound, scope)) as lag_ns,
    min(chance_bound) as chance_bound
from weighed
where together_count >= 0.9 * member_count
    and chance_bound < 0.01
group by all
