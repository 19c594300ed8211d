{#- Whether a text is one of many; BigQuery takes long lists better as one text. -#}
{%- macro among(value, texts) -%}
{%- if dialect == "bigquery" -%} {{ value }} in unnest(split('{{ texts | join(",") }}', ','))
{%- else -%} {{ value }} in ('{{ texts | join("', '") }}')
{%- endif -%}
{%- endmacro -%}
