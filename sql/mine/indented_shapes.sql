-- Shapes of messages that begin with a blank: lines below a head, as it may be. Few parts of the table have any.
-- Grain: shape.
-- grain: shape_id
select distinct shape_id
from raw_entries
where kind = 'message'
    and message < '!'
    and message >= chr(9)
    and shape_id is not null
