-- Which revisions are compared. Grain: window.
select
    pair.window_id,
    pair.base_revision,
    pair.base_from_ns,
    pair.base_to_ns,
    pair.target_revision,
    pair.target_from_ns,
    pair.target_to_ns,
    exposure.unit,
    exposure.base_exposure,
    exposure.target_exposure
from window_pairs as pair
left join (
    select
        window_id,
        any_value(exposure_unit) as unit,
        max(base_exposure) as base_exposure,
        max(target_exposure) as target_exposure
    from window_changes
    group by all
) as exposure using (window_id)
