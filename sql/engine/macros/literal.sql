{#- A text as SQL writes it. -#}
{%- macro literal(text) -%}
{%- if dialect == "duckdb" -%} '{{ text | replace("'", "''") }}'
{%- else -%} '{{ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") }}'
{%- endif -%}
{%- endmacro -%}
