{#- Every match of a pattern replaced; `\1` in the replacement is the first group. -#}
{%- macro replace_all(text, pattern, to) -%}
{%- if dialect == "duckdb" -%} regexp_replace({{ text }}, '{{ pattern }}', '{{ to }}', 'g')
{%- elif dialect == "sail" -%} regexp_replace({{ text }}, '{{ pattern }}', '{{ to | replace("\\1", "${1}") }}')
{%- else -%} regexp_replace({{ text }}, r'{{ pattern }}', r'{{ to }}')
{%- endif -%}
{%- endmacro -%}
