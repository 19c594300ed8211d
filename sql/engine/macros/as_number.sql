{#- A text as a whole number; NULL where it is none. -#}
{%- macro as_number(text) -%}
{%- if dialect == "bigquery" -%} safe_cast({{ text }} as int64)
{%- else -%} try_cast({{ text }} as bigint)
{%- endif -%}
{%- endmacro -%}
