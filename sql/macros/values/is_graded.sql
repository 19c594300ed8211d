-- Whether the severity of an entry is its writer's. Agents give all text of `stdout` INFO and all of `stderr` ERROR;
-- Cloud Run gives none, and Cloud Functions those of the calls.
severity <> 'DEFAULT'
and not (
    is_text
    and ((severity = 'INFO' and log_id like '%stdout') or (severity = 'ERROR' and log_id like '%stderr'))
    and resource_type not like 'cloud_run%'
    and resource_type <> 'cloud_function'
)
