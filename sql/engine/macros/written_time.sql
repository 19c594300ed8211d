{#- A column's time in UTC as RFC 3339 writes it, with the microseconds that BigQuery keeps. -#}
{%- macro written_time(column) -%}
format_datetime('%Y-%m-%dT%H:%M:%E6SZ', datetime({{ column }}, 'UTC'))
{%- endmacro -%}
