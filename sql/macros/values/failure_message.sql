-- Why an act failed, without what the platform puts before every reason, as messages have it.
regexp_replace(message, '^(?s:.*)with message: ', '')
