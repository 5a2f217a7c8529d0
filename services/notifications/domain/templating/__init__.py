"""Templates: Markdown compiled when a version is published, filled by joining strings when a message is made.

`publish(source) -> Published` and `render(published, values) -> Rendered` are the two doors.
"""
