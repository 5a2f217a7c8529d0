"""What an email says of an anonymous survey, in the language of the person: here, since no page is there to say it."""

_NOTES = {
    "en": "Your answers are anonymous. Nobody, not even the people who run the programme, can see which are yours.",
    "cy": (
        "Mae eich atebion yn ddienw. Ni all neb, hyd yn oed y bobl sy'n rhedeg y rhaglen, weld pa rai yw eich rhai chi."
    ),
    "ar": "إجاباتك بلا اسم. لا أحد، ولا حتى من يديرون البرنامج، يستطيع أن يعرف أيّها إجاباتك.",
    "fa-AF": "پاسخ‌های شما بی‌نام است. هیچ‌کس، حتا کسانی که برنامه را پیش می‌برند، نمی‌تواند ببیند کدام پاسخ از شماست.",
}


def anonymous_note(language: str) -> str:
    """The sentence in a language (BCP 47), else in English."""
    return _NOTES.get(language, _NOTES["en"])
