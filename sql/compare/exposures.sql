-- What both sides had the chance to show to traffic: severities that have the same share a row.
-- Grain: pair, exposure. Parameters: pairs (JSON), least_severity.
-- grain: pair_id, base_exposure, target_exposure
with

by_severity as (
    select
        pair_id,
        severity,
        any_value(unit) as unit,
        coalesce(max(exposure) filter (not is_target), 0) as base_exposure,
        coalesce(max(exposure) filter (is_target), 0) as target_exposure
    from pair_exposures(pairs_of($pairs))
    where basis = 'traffic'
        and severity >= $least_severity::severity_name
        and severity in (select distinct severity from pattern_minutes)
    group by all
)

select
    pair_id,
    list(severity::varchar order by severity desc) as severities,
    any_value(unit) as unit,
    base_exposure,
    target_exposure
from by_severity
group by pair_id, base_exposure, target_exposure
order by pair_id asc, max(severity) desc
