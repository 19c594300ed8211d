-- The place of a verdict in lists: the most severe first.
list_position(
    ['new', 'worse', 'burst', 'gone', 'better', 'reworded', 'not collected', 'too little traffic', 'same'], verdict
)
