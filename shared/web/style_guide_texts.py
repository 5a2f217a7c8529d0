"""Sample people and an Arabic reading of the style guide, so that right-to-left is judged on real words."""

from collections.abc import Callable
from typing import Any

ARABIC = {
    "About your organisation": "عن منظمتك",
    "Section 2 of 6": "القسم ٢ من ٦",
    "We ask this so that leaders of small organisations get a fair chance.":
        "نسأل هذا حتى يحصل قادة المنظمات الصغيرة على فرصة عادلة.",
    "Name of your organisation": "اسم منظمتك",
    "As people know it. It does not have to be registered.": "كما يعرفه الناس. لا يلزم أن تكون مسجلة.",
    "Email address": "البريد الإلكتروني",
    "We only use it to write to you about this application.": "نستخدمه فقط للكتابة إليك بشأن هذا الطلب.",
    "How many people work there?": "كم عدد العاملين فيها؟",
    "people": "شخص",
    "Where do you mainly work?": "أين تعمل في الغالب؟",
    "Have you yourself been through the immigration or asylum system?": "هل مررت بنفسك بنظام الهجرة أو اللجوء؟",
    "You decide what to tell us. You can leave this out.": "أنت تقرر ما تخبرنا به. يمكنك ترك هذا السؤال.",
    "Yes": "نعم",
    "No": "لا",
    "I would rather not say": "أفضل عدم الإجابة",
    "What would you like us to know about it?": "ماذا تود أن نعرف عن ذلك؟",
    "Tell us about a change you helped to make": "حدثنا عن تغيير ساعدت في تحقيقه",
    "What was wrong, what you did, and what is different now.": "ما المشكلة، وماذا فعلت، وما الذي تغير الآن.",
    "We set up a free advice morning with four other groups. In a year 212 people came.":
        "أنشأنا صباحًا مجانيًا لتقديم المشورة مع أربع مجموعات أخرى. وفي سنة واحدة حضر ٢١٢ شخصًا.",
    "When did you start in this role?": "متى بدأت في هذا الدور؟",
    "Save and continue": "احفظ وتابع",
    "Save and come back later": "احفظ وعد لاحقًا",
    "Your application": "طلبك",
    "About you": "عنك",
    "Your experience": "خبرتك",
    "Equality questions": "أسئلة المساواة",
    "Check and send": "راجع وأرسل",
    "Finished": "مكتمل",
    "In progress": "قيد الإنجاز",
    "Not started": "لم يبدأ",
    "Cannot start yet": "لا يمكن البدء بعد",
    "Thank you. We have your application.": "شكرًا لك. لقد استلمنا طلبك.",
    "We have sent you an email as well.": "أرسلنا إليك رسالة بريد إلكتروني أيضًا.",
    "Rounds": "الدورات", "Applications": "الطلبات", "Panel": "اللجنة", "Selection": "الاختيار", "Cohort": "الدفعة",
    "Sessions": "الجلسات", "Messages": "الرسائل", "Reports": "التقارير",
    "Lived experience": "الخبرة المعيشية",
    "Small or medium organisation": "منظمة صغيرة أو متوسطة",
    "Based outside London": "خارج لندن",
    "Two of the three targets are met.": "تحقق هدفان من الأهداف الثلاثة.",
    "Targets: who applied and who is chosen": "الأهداف: من تقدم ومن اختير",
    "From application to completion": "من التقديم إلى الإتمام",
    "Applied": "تقدموا", "Eligible": "مؤهلون", "Shortlisted": "في القائمة القصيرة", "Offered a place": "عُرض عليهم مكان",
    "Completed": "أتموا البرنامج",
}  # fmt: skip
"""English of the style guide -> Arabic; what is missing is shown in English."""


def people(t: Callable[[str], str]) -> list[dict[str, Any]]:
    """Rows of a shortlist; invented names."""
    rows = [
        ("HRT-4F7K", "Amina Yusuf", "Coventry Welcome Circle", "West Midlands", 88.5, 4, 2.1, "Chosen", "good"),
        ("HRT-9QPM", "Daniel Tesfaye", "Harbour Street Advice and Community Kitchen", "North East", 84, 4, 6.4,
         "Talk about it", "warn"),
        ("HRT-2XWB", "Rosa Delgado", "Common Thread", "London", 81.25, 3, 1.8, "Chosen", "good"),
        ("HRT-7LCD", "Farid Rahimi", "Dari Speakers’ Network", "Yorkshire and the Humber", 79.5, 4, 2.9,
         "Waiting list", "info"),
    ]  # fmt: skip
    keys = ("reference", "name", "organisation", "region", "score", "reviews", "spread", "status", "tone")
    return [dict(zip(keys, row, strict=True)) for row in rows]
