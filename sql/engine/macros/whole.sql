{#- How often one whole number goes into another. -#}
{%- macro whole(number, divisor) -%}
{%- if dialect == "duckdb" -%} ({{ number }} // {{ divisor }})
{%- elif dialect == "sail" -%} ({{ number }} div {{ divisor }})
{%- else -%} div({{ number }}, {{ divisor }})
{%- endif -%}
{%- endmacro -%}
