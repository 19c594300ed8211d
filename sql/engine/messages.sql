{#-
What each group says: its earliest entry, which the reader of exports takes apart. Grain: group. `told` is the entry behind
its time and insertId: the least of such texts is found in less memory than the row of the least time.
-#}
{% include "entries" %}

select
    group_id,
    min({{ joined(["lpad(" ~ as_text("entry_ns") ~ ", 20, '0')", "insert_id", "entry"]) }}) as told
from keyed
group by group_id
order by group_id
limit {{ messages_limit + 1 }}
