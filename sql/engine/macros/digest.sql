{#- A text's MD5 in hexadecimal. -#}
{%- macro digest(text) -%}
{%- if dialect == "bigquery" -%} to_hex(md5({{ text }}))
{%- else -%} md5({{ text }})
{%- endif -%}
{%- endmacro -%}
