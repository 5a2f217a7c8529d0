"""What staff begin a welcome pack from, in each language."""

_ENGLISH = """\
# What you can expect

- You choose what you share. Nobody may ask you to tell your story again.
- Sessions begin and end on time, and you get the dates by email.
- If you need something to take part, tell us. It costs you nothing, and only those who arrange it know.

# Your rights

- You can see, correct and delete what we hold about you, on your account page.
- You can leave the programme at any time and do not have to say why.

# Where to find help

- Your contact in the team: *write a name and an email address here*.
- Our directory of help is on your page, under “Where you can turn”.
- If you are in danger, call 999.

# If something goes wrong

Tell anybody in the team, or complain on your page. Somebody who was not involved looks at it, and it never counts
against you.
"""
_WELSH = """\
# Beth i'w ddisgwyl

- Chi sy'n dewis beth i'w rannu. Ni chaiff neb ofyn i chi adrodd eich stori eto.
- Mae sesiynau'n dechrau ac yn gorffen ar amser, a chewch y dyddiadau drwy e-bost.

# Eich hawliau

- Gallwch weld, cywiro a dileu'r hyn sydd gennym amdanoch.
- Gallwch adael y rhaglen unrhyw bryd heb ddweud pam.

# Ble i gael help

- Eich cyswllt yn y tîm: *ysgrifennwch enw a chyfeiriad e-bost yma*.
- Os ydych mewn perygl, ffoniwch 999.

# Os aiff rhywbeth o'i le

Dywedwch wrth unrhyw un yn y tîm, neu cwynwch ar eich tudalen. Ni fydd byth yn cyfrif yn eich erbyn.
"""
_ARABIC = """\
# ما الذي يمكنك توقعه

- أنت من يختار ما يشاركه. لا يحق لأحد أن يطلب منك رواية قصتك مرة أخرى.
- تبدأ الجلسات وتنتهي في وقتها، وتصلك المواعيد بالبريد الإلكتروني.

# حقوقك

- يمكنك رؤية ما لدينا عنك وتصحيحه وحذفه.
- يمكنك ترك البرنامج في أي وقت دون ذكر السبب.

# أين تجد المساعدة

- جهة اتصالك في الفريق: *اكتب هنا اسمًا وعنوان بريد إلكتروني*.
- إذا كنت في خطر فاتصل بالرقم 999.

# إذا حدث خطأ

أخبر أي شخص في الفريق، أو قدّم شكوى من صفحتك. لن يُحسب ذلك عليك أبدًا.
"""
_DARI = """\
# چه انتظار داشته باشید

- شما انتخاب می‌کنید چه بگویید. هیچ کس حق ندارد بخواهد قصهٔ خود را دوباره بگویید.
- جلسه‌ها سر وقت شروع و ختم می‌شود، و روزها را با ایمیل می‌گیرید.

# حقوق شما

- می‌توانید آنچه دربارهٔ شما داریم ببینید، اصلاح کنید و پاک کنید.
- هر وقت می‌توانید برنامه را ترک کنید و لازم نیست بگویید چرا.

# کمک را کجا پیدا کنید

- شخص ارتباطی شما در تیم: *اینجا یک نام و آدرس ایمیل بنویسید*.
- اگر در خطر هستید، به 999 زنگ بزنید.

# اگر کار درست پیش نرفت

به هر کس در تیم بگویید، یا در صفحهٔ خود شکایت کنید. این هیچ وقت به ضرر شما نیست.
"""
SAMPLES = {"en": _ENGLISH, "cy": _WELSH, "ar": _ARABIC, "fa-AF": _DARI}
"""Language -> Markdown. No native speaker has checked any but the English one."""
