"""Sentences for people, which a page can say again in another language."""


class Message(str):
    """A finished English sentence that remembers its template and values.

    It is a plain `str` wherever strings are expected. A page that speaks another language says
    `gettext(message.template) % message.values`. The catalogue tool finds templates by the name `Message`.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> "Message":
        """Return the sentence made of `template` (`%(name)s` places) and `values`."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.template,), self.values
