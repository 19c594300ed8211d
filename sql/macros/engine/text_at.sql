{#- The text at a path of a JSON text; NULL where there is none. -#}
{%- macro text_at(json, path) -%}
{%- if dialect == "duckdb" -%} ({{ json }} ->> '{{ path }}')
{%- elif dialect == "sail" -%} get_json_object({{ json }}, '{{ path }}')
{%- else -%} json_value({{ json }}, '{{ path }}')
{%- endif -%}
{%- endmacro -%}
