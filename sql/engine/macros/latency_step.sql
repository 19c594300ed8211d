{#- Which step of 1.1 to a power a time in microseconds falls into. -#}
{%- macro latency_step(microseconds) -%}
cast(floor(ln(greatest({{ microseconds }}, 1)) / ln(1.1)) as {{ "int64" if dialect == "bigquery" else "bigint" }})
{%- endmacro -%}
