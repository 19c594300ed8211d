{#-
Whole entries: those of the severities and groups that worklogs are about, and what stands near pieces of traces in the
same stream. Grain: entry as the sources hold it, copies included, in the order of time.
-#}
{% include "entries" %}

{%- if pieces %},

-- a text with one entry per line has its lines within a second of one another
near as (
    select distinct
        piece.resource,
        piece.log_name,
        coalesce(piece.instance_id, '') as instance_id,
        {{ whole("piece.entry_ns", "1000000000") }} + step.seconds as second
    from keyed as piece
    cross join (select -1 as seconds union all select 0 as seconds union all select 1 as seconds) as step
    where {{ among("piece.group_id", pieces) }}
)
{%- endif %}

select keyed.entry
from keyed
{% if pieces %}
left join near
    on keyed.resource = near.resource
    and keyed.log_name = near.log_name
    and coalesce(keyed.instance_id, '') = near.instance_id
    and {{ whole("keyed.entry_ns", "1000000000") }} = near.second
    and not keyed.is_request
{% endif %}
where keyed.entry_ns is not null
    and (
        {{ among("keyed.severity", severities) }}
{% if groups %}
        or {{ among("keyed.group_id", groups) }}
{% endif %}
{% if pieces %}
        or near.second is not null
{% endif %}
    )
order by keyed.entry_ns, keyed.insert_id
