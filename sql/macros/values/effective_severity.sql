-- The higher of the severity and the level read from the text: what an entry counts for.
greatest(severity, coalesce(level, severity))
