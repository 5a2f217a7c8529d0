"""Building a form: changes to its definition one by one, files in and out, versions compared, blank copies."""
