-- The places in the code that wrote the pattern's entries. Grain: call site. Parameter: pattern_id.
-- grain: call_module, call_function
select
    call_module,
    call_function,
    list(distinct call_line order by call_line) as call_lines,
    count(*) as entry_count
from entries
where pattern_id = $pattern_id
    and call_module is not null
group by call_module, call_function
order by entry_count desc, call_module asc, call_function asc
