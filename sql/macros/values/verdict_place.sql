-- The place of a verdict where the gravest come first.
list_position(['new', 'worse', 'burst', 'gone', 'better', 'too little traffic', 'same'], verdict)
