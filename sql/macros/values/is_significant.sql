-- Whether chance alone hardly explains what was found: one time in twenty.
p < 0.05
