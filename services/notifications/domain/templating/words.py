"""The few words that layouts and list blocks say themselves, in each language.

The Arabic, Dari and Welsh ones are drafts made by machine and await a native speaker, like the templates beside them.
"""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "read_more": "Read more",
        "until": "Open until",
        "look": "Look and apply",
        "open": "Open",
        "join": "Join online",
        "before": "Before",
        "now": "Now",
        "time": "Time",
        "place": "Place",
        "link": "Online link",
        "title": "Name",
        "done": "Done",
        "to_do": "Still to do",
        "contact": "Any questions? Write to us:",
        "preferences": "Choose which emails you get",
        "from": "This email was sent for",
    },
    "ar": {
        "read_more": "اقرأ المزيد",
        "until": "مفتوح حتى",
        "look": "اطّلع وقدّم",
        "open": "افتح",
        "join": "انضم عبر الإنترنت",
        "before": "قبل",
        "now": "الآن",
        "time": "الوقت",
        "place": "المكان",
        "link": "الرابط",
        "title": "الاسم",
        "done": "تم",
        "to_do": "لم يكتمل بعد",
        "contact": "هل لديك أسئلة؟ اكتب إلينا:",
        "preferences": "اختر الرسائل التي تصلك",
        "from": "أُرسلت هذه الرسالة من أجل",
    },
    "fa-AF": {
        "read_more": "بیشتر بخوانید",
        "until": "باز است تا",
        "look": "ببینید و درخواست دهید",
        "open": "باز کنید",
        "join": "آنلاین بپیوندید",
        "before": "قبلاً",
        "now": "اکنون",
        "time": "زمان",
        "place": "جای",
        "link": "لینک",
        "title": "نام",
        "done": "انجام شد",
        "to_do": "هنوز مانده است",
        "contact": "سوالی دارید؟ به ما بنویسید:",
        "preferences": "انتخاب کنید کدام ایمیل‌ها را بگیرید",
        "from": "این ایمیل فرستاده شد برای",
    },
    "cy": {
        "read_more": "Darllen mwy",
        "until": "Ar agor tan",
        "look": "Edrych ac ymgeisio",
        "open": "Agor",
        "join": "Ymuno ar-lein",
        "before": "Cynt",
        "now": "Nawr",
        "time": "Amser",
        "place": "Lle",
        "link": "Dolen ar-lein",
        "title": "Enw",
        "done": "Wedi'i wneud",
        "to_do": "Ar ôl i'w wneud",
        "contact": "Unrhyw gwestiwn? Ysgrifennwch atom:",
        "preferences": "Dewis pa e-byst a gewch",
        "from": "Anfonwyd yr e-bost hwn ar ran",
    },
}


def word(key: str, code: str) -> str:
    """The word for `key` in this language; in English if the language has none; the key itself if nobody knows it."""
    return WORDS.get(code, WORDS["en"]).get(key) or WORDS["en"].get(key, key)
