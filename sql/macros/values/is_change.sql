-- Whether a verdict says that something changed.
verdict not in ('same', 'too little traffic', 'not collected', 'reworded')
