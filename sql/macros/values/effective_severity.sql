-- What an entry counts for: the higher of its severity and its level. Agents grade all of `stderr` ERROR and all of
-- `stdout` INFO: there a level that the program declared stands, also where it is lower.
case
    when level_source in ('payload', 'text')
        and ((severity = 'ERROR' and log_id like '%stderr') or (severity = 'INFO' and log_id like '%stdout'))
        then coalesce(level, severity)
    else greatest(severity, coalesce(level, severity))
end
