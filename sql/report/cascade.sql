-- The course of a cluster's incidents, in order. Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
select
    step.window_id,
    step.lead_id,
    step.pattern_id,
    pattern.template,
    text.message as sample_message,
    pattern.kind,
    pattern.exception_message,
    pattern.effective_severity::varchar as severity,
    pattern.call_module,
    pattern.call_function,
    pattern.call_lines,
    step.incident_count,
    step.lag_ns,
    step.least_lag_ns,
    step.greatest_lag_ns
from cascade_steps as step
inner join window_patterns as pattern using (window_id, pattern_id)
inner join window_texts as text using (window_id, pattern_id)
order by step.lag_ns, pattern.place
