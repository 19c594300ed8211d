{#-
What every query to an engine begins with: the sources brought to the same columns, and for each entry its group.
`group_id` stands for all that an entry's source, severity, level, kind and shape are read from, its texts made coarse:
entries of a group are alike in all of these, so that one of them tells it for all.
-#}
with

{% for source in sources %}
source_{{ loop.index }} as (
{{ source }}
),

{% endfor %}
told as (
{% for source in sources %}
    select * from source_{{ loop.index }}{% if not loop.last %} union all{% endif %}

{% endfor %}
),

known as (
    select
        *,
        coalesce(json_message, '') <> '' as has_message,
        http_request is not null and (coalesce(json_message, '') = '' or log_name like '%requests') as is_request
    from told
    where entry_ns is null
        or (entry_ns >= {{ from_ns }} and entry_ns < {{ to_ns }})
),

said as (
    select
        *,
        {{ coarse("case when has_message then json_message when text_payload is not null then text_payload when json_payload is not null then json_payload when proto_method is null then proto_payload end") }} as coarse_text,
        case when is_request then {{ coarse_path("http_url") }} end as coarse_url
    from known
),

keyed as (
    select
        *,
        case
            when entry_ns is null then 'unread'
            else {{ digest(joined([
                "resource", "log_name", "severity", "case when is_split then 'split' end", "json_level",
                level_mark("coalesce(json_payload, text_payload)"),
                "case when has_message then 'message' when json_payload is not null then 'json' when text_payload is not null then 'text' when proto_payload is not null then 'proto' end",
                "coarse_text",
                "case when not has_message and coalesce(json_payload, text_payload) is null then proto_method end",
                "case when is_request then http_method end",
                "coarse_url",
                "case when is_request then " ~ as_text("http_status") ~ " end"
            ])) }}
        end as group_id
    from said
)
