-- Which revisions are compared. Grain: window.
-- grain: window_id
select
    pair.window_id,
    pair.base_revision,
    pair.base_from_ns,
    pair.base_to_ns,
    pair.target_revision,
    pair.target_from_ns,
    pair.target_to_ns,
    exposure.exposures
from window_pairs as pair
left join (
    select
        window_id,
        list({
            severities: severities, unit: unit, base_exposure: base_exposure, target_exposure: target_exposure
        } order by highest desc) as exposures
    from (
        select
            window_id,
            list_reverse_sort(list(distinct collected_severity))::varchar[] as severities,
            exposure_unit as unit,
            base_exposure,
            target_exposure,
            max(collected_severity) as highest
        from window_problems
        group by window_id, exposure_unit, base_exposure, target_exposure
    ) as by_exposure
    group by window_id
) as exposure using (window_id)
