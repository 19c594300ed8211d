{#- A number that no other row has. -#}
{%- macro random() -%}
{%- if dialect == "duckdb" -%} random()
{%- else -%} rand()
{%- endif -%}
{%- endmacro -%}
