{#- The text at a path of a JSON text in a file; NULL where there is none, or no JSON. -#}
{%- macro text_at(json, path) -%}
{%- if dialect == "duckdb" -%} try({{ json }} ->> '{{ path }}')
{%- else -%} get_json_object({{ json }}, '{{ path }}')
{%- endif -%}
{%- endmacro -%}
