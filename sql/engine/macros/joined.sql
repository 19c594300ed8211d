{#- Texts behind one another, a separator that no text has between them, NULL as none. -#}
{%- macro joined(texts) -%}
{%- if dialect == "bigquery" -%} array_to_string([{{ texts | join(", ") }}], chr(31), '')
{%- else -%} concat_ws(chr(31){% for text in texts %}, coalesce({{ text }}, ''){% endfor %})
{%- endif -%}
{%- endmacro -%}
