"""What lines around an article look like: dates, credits, related posts, comment forms, in English and Chinese."""

from __future__ import annotations

import re

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? +)?"
_EN_DATE = (
    rf"{_DAY}(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
_TIME = r"(?:(?:,| at| -| \||T)? *\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?\(?[A-Z]{2,4}\)?)?)?"
_STAMP = r"(?:(?:First |Last )?(?:[Pp]ublished|[Uu]pdated|[Pp]osted|[Mm]odified|Date)(?: on| at)?:? *)?"
_NUMERAL = r"[\d〇零一二三四五六七八九十]"
_ZH_DATE = (
    rf"(?:[發发]布|[發发]佈|更新|刊登|刊[載载]|日期)?(?:[時时][間间]|日期|[於于])?[:：]? *"
    rf"(?:民[國国])? *{_NUMERAL}{{2,4}} *年 *"
    rf"{_NUMERAL}{{1,3}} *月 *{_NUMERAL}{{1,3}} *[日號号]"
    r" *[（(]?(?:(?:星期|[週周]|[禮礼]拜)[一二三四五六日天])?[）)]? *"
    r"(?:[上下]午|早上|晚上|凌晨|中午)? *(?:\d{1,2}[:：時时點点]\d{0,2}分?)?"
)
DATE_LINE = re.compile(rf"(?:{_STAMP}{_EN_DATE}{_TIME}(?: *[|·–—•/-] *(?=\w))?)+|{_ZH_DATE}")
"""The whole line is a date, with or without weekday, time and 'Updated'."""

CREDIT_LINE = re.compile(
    r"(?:Sources?|Via|Credits?|(?:Photo|Image|Picture|Featured image)(?: credits?| source| by)?|Tags?|Topics?|Keywords"
    r"|Filed under|Categor(?:y|ies)|Share(?: this)?|Follow us|Related(?: \w+)?|Read (?:more|also|next)"
    r"|Also read|See also"
    r"|(?:Written|Reported|Reporting|Edited|Editing|Translated|Compiled|Posted) by|Editor|Author|Reporter|Translator"
    r"|[責责]任[編编][輯辑]|[編编][輯辑]|[記记]者|作者|撰文|撰稿|[譯译]者|翻[譯译]|[編编][譯译]|校[對对]|[攝摄]影|文"
    r"|[圖图](?:片)?(?:[來来]源)?|(?:文章|新[聞闻]|[資资]料)?[來来]源|出[處处]|原文(?:[網网]址|[連链][結接]|[標标][題题])?|[標标][籤签]"
    r"|[關关][鍵键][詞词字]|分[類类]|相[關关](?:[閱阅][讀读]|新[聞闻]|文章|[報报][導道])|延伸[閱阅][讀读]|推[薦荐][閱阅][讀读])"
    r" *[:：／/｜|] *(?P<rest>.*)",
    re.IGNORECASE,
)
"""A label and a colon. Furniture when what follows is short; a sentence after `Editor:` would be article text."""

SECTION_LINE = re.compile(
    r"(?:Related (?:Posts?|Articles?|Stories|News|Reading|Content)|You (?:may|might) also (?:like|enjoy)"
    r"|(?-i:More from [A-Z].{1,40})|More on this (?:topic|story)"
    r"|Recommended(?: (?:for you|reading|articles))?|Trending(?: now)?|Most (?:read|popular)|Popular posts|Read next"
    r"|Recent (?:posts|comments)|Leave a (?:Reply|Comment)|Post a comment|(?:\d+ )?Comments?(?: \(\d+\))?"
    r"|Join the (?:discussion|conversation)"
    r"|(?:相[關关]|[熱热][門门]|[猜您你]+喜[歡欢]的?)(?:文章|[閱阅][讀读]|新[聞闻]|[報报][導道])|猜你喜[歡欢]"
    r"|(?:[發发][表佈布]|我要|留下)(?:[評评][論论]|留言|回[應应复覆])"
    r"|(?:[網网]友)?(?:留言|[評评][論论])(?: ?[(（]\d+[)）])?)"
    r" *[:：]?",
    re.IGNORECASE,
)
"""A line that opens related posts or a comment form: what follows is not the article."""

READING_LIST = re.compile(
    r"(?:Further reading|Read more|(?:延伸|推[薦荐]|[擴扩]展)(?:文章|[閱阅][讀读]|新[聞闻]|[報报][導道])) *[:：]?",
    re.IGNORECASE,
)
"""Related posts on a news site, a list of sources in documentation: opens a section in plain text only."""

WIDGET_LINE = re.compile(
    r"(?:(?:Bookmark|Likes?|Shares?|Comments?|Views?|Repl(?:y|ies)|Tweet|Save|Print|Claps?|Upvotes?"
    r"|收藏|點贊|[點点][讚赞]|分享|[轉转][發发]|[閱阅][讀读]|[瀏浏][覽览]"
    r"|留言|[評评][論论]|回[覆复應应])s? *[:：]? *[(（]?\d*[)）]?"
    r"|Advertisements?|Sponsored(?: content)?|[廣广]告|Skip to (?:main )?(?:content|navigation|footer|search)"
    r"|Back to top|Subscribe(?: now| to (?:our|us)\b.{0,60})?|Sign up (?:now|here|(?:for|to) our\b.{0,60})"
    r"|Share (?:on|via|with) .{1,40}|Follow us on .{1,60}"
    r"|(?:[訂订][閱阅]|加入|追蹤|[關关]注|分享[至到]) ?(?:我[們们]|本[站報报]|[電电]子[報报]|[頻频]道|公[眾众][號号]"
    r"|粉[絲丝]|Line|Facebook|FB|Telegram|Twitter|YouTube|IG|Instagram|微信|微博).{0,20}"
    r"|Your email address will not be published\..{0,60}|Required fields are marked.{0,20}|Save my name.{0,120}"
    r"|(?:Name|Email|E-mail|Website|Comment|Submit|Post Comment) ?\*?"
    r"|您?的?[電电]子[郵邮][件箱](?:地址)?(?:不[會会]|並不會|将不会).{0,40}|必填[欄栏項项].{0,30}|.{0,8}[標标][記记示].{0,6}\*.{0,4}"
    r"|(?:姓名|名[稱称]|[電电]子[郵邮]件|[郵邮]箱|[網网]站|[暱昵][稱称]) ?\*?"
    r"|(?:All rights reserved|Copyright (?:©|\(c\)|\d{4})|©|\(c\) \d{4}|版[權权]所有(?![人者])).{0,80}"
    r"|未[經经](?:授[權权]|[許许]可)[^。]{0,12}(?:不得|[請请]勿|禁止)[^。]{0,6}(?:[轉转][載载]|[複复]制|複製|翻印).{0,40}"
    r"|(?:Disclaimer|免[責责][聲声]明)(?: *[:：].*)?)",
    re.IGNORECASE,
)
"""Buttons, counters, form fields, notices."""

LEAD_IN = re.compile(
    r".*\b(?:following|as follows|below|this (?:report|article|story|news))\b.*[:：]"
    r"|.*(?:如下|以下|下文|全文|原文).{0,12}[:：]",
    re.IGNORECASE,
)
"""`X reported the following:`, counted only before the article's first sentence."""

BYLINE = re.compile(
    r"(?:By|BY|by) (?:[A-Z][\w.'’-]*|and|of|in|for|the|de|van|&)"
    r"(?:,? (?:[A-Z][\w.'’-]*|and|of|in|for|the|de|van|&)){0,9}"
)
ZH_BYLINE = re.compile(
    r"[（(【\[]?(?:(?:本[報报]|特[約约]|[實实][习習]|中央社)?[記记]者|[編编][譯译]|中央社)[^，。！？,]{1,24}"
    r"(?:[報报][導道]|[電电]|[攝摄]影?|[訊讯])[）)】\]]?|(?:[記记]者|作者|[編编][譯译])[ \u3000][^，。！？,]{2,16}"
)
MEDIA_NAME = re.compile(
    r"(?:(?:[A-Z][\w'’.&-]*|of|the|and|on) ){1,6}(?:Post|Times|News|Daily|Herald|Tribune|Journal|Gazette|Chronicle"
    r"|Agency|Weekly|Review|Observer|Guardian|Standard|Press|Wire|Today|Magazine|Monitor|Mail|Telegraph|Express"
    r"|Bulletin)"
    r"|Reuters|Bloomberg|Xinhua"
    r"|.{1,10}(?:[日晚早時时郵邮商][報报]|新[聞闻](?:[網网]|社)?|通[訊讯]社|[週周]刊|[電电][視视][臺台]|[雜杂][誌志])"
)

BIOGRAPHY = re.compile(
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3} (?:is|was) (?:a|an|the|our)\b.{0,60}?\b(?:editor|reporter"
    r"|journalist|writer|correspondent|contributor|columnist|author|producer|blogger|freelancer|translator)\b"
    r"|[^，。]{2,12}(?:是|[為为]|[現现]任).{0,30}(?:[編编][輯辑]|[記记]者|撰稿人|[專专][欄栏]作家|[譯译]者).{0,40}",
)
NOTICE = re.compile(
    r".{1,60}\b(?:has|have) (?:reached out|contacted)\b.{0,160}\b(?:statement|comments?)\b.*"
    r"|(?:The )?(?:views|opinions)\b.{0,60}\bexpressed\b.*"
    r"|This (?:article|story|post|report) (?:(?:was|is|has been|first|originally|also) ){1,3}"
    r"(?:published|appeared|written|produced|translated|syndicated|reprinted|republished|adapted|updated|corrected)\b.*"
    r"|.{0,30}\bfor informational purposes only\b.*"
    r"|(?:本文|本[報报][導道])(?:[轉转][載载]|[來来]自|原[載载刊]|[僅仅]|不[構构]成|由).*"
    r"|以上(?:言[論论]|[內内]容|[觀观][點点])[僅仅不].*",
    re.DOTALL,
)
"""Biographies and notices count only at the end of an article."""

NOTE_NUMBER = re.compile(
    r"[\[(（]?(\d{1,2})(?:[\])）、:：]+\s*|[.．]\s*(?!\d))(?=\S)|([①-⑳])\s*"
    r"|(?:注|註|注[釋释]|註[釋释]) ?(\d{0,2}) ?[:：]\s*"
)
NOTES_HEADING = re.compile(
    r"(?:Foot|End)?notes?|References|Sources|Glossary|(?:注|註)[釋释解]?|附[註注]|[參参]考[資资]料|名[詞词]解[釋释]",
    re.IGNORECASE,
)
DEFINES = re.compile(r"\b(?:stands for|is short for|refers to|is defined as|means)\b|是指|指的是|全[稱称]|意[為为]")
URL = re.compile(r"https?://|www\.")
