{#-
What a text writes beside the first key that loggers have for levels, and a syslog priority: numbers that stay apart where
all others are alike, since they tell the level.
-#}
{%- macro level_mark(text) -%}
{{ found(text, "(?i)(?:^<[0-9]{1,3}>|[^a-z0-9_](?:@?level|lvl|log.?level|level_?name|level_?no|level_?value|severity(?:_?text|_?number)?|priority|@?l)[^a-z0-9]{1,6}[a-z0-9+]+)") }}
{%- endmacro -%}
