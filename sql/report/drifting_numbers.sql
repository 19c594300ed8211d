-- Numbers that drift, the three that drift most steadily. Grain: window, pattern, field.
-- grain: window_id, pattern_id, field
select
    window_id,
    pattern_id,
    field,
    template,
    -- from 1
    try_cast(regexp_extract(field, '^at (\d+)$', 1) as int) + 1 as position,
    value_count,
    end_count,
    first_ns,
    last_ns,
    first_median,
    last_median,
    correlation,
    p,
    cluster_number
from drifting_numbers
qualify row_number() over (
    partition by window_id order by abs(correlation) desc, p asc, pattern_id asc, field asc
) <= 3
order by abs(correlation) desc, p asc, pattern_id asc, field asc
