{#- The part of a text with so many separators before it. -#}
{%- macro part_of(text, place) -%}
{%- if dialect == "bigquery" -%} split({{ text }}, chr(31))[safe_offset({{ place }})]
{%- else -%} split_part({{ text }}, chr(31), {{ place + 1 }})
{%- endif -%}
{%- endmacro -%}
