{#- A value as text. -#}
{%- macro as_text(value) -%} cast({{ value }} as {{ "varchar" if dialect == "duckdb" else "string" }}) {%- endmacro -%}
