{#-
A value that many conditions ask for, found once a row. Sail writes a value anew wherever a condition has it, and moves the
condition to the source; neither is done to what may be another value each time.
-#}
{%- macro once(value) -%}
{%- if dialect == "sail" -%} case when random() >= 0 then {{ value }} end
{%- else -%} {{ value }}
{%- endif -%}
{%- endmacro -%}
