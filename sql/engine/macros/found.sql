{#- The first match of a pattern without groups in a text; NULL or nothing where there is none. -#}
{%- macro found(text, pattern) -%}
{%- if dialect == "bigquery" -%} regexp_extract({{ text }}, r'{{ pattern }}')
{%- else -%} regexp_extract({{ text }}, '{{ pattern }}', 0)
{%- endif -%}
{%- endmacro -%}
