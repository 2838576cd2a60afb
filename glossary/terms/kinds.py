"""What kind of thing a term names: acronym, organisation, person, place, product or concept; by form and by context."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from glossary.datamodel import Kind
from glossary.terms.tokens import is_acronym

_ORGANISATION = re.compile(
    r"\b(administration|agency|alliance|association|authority|bank|bureau|center|centre|club|college|commission|committee"
    r"|company|corporation|council|court|department|foundation|government|group|holdings?|inc|institute|laborator(y|ies)"
    r"|ltd|ministry|office|organi[sz]ation|party|post|procuratorate|university|union|exchange|federation|firm)\b",
    re.IGNORECASE,
)
ORGANISATION_ZH = re.compile(
    r"(公司|集团|銀行|银行|法院|检察院|委员会|办公室|办|部|局|署|厅|院|大学|学院|协会|联盟|组织|党|报|基金会|中心|控股|交易所|科技)$"
)
_PLACE_ZH = re.compile(r"(省|市|县|区|州|国|岛|镇|港|湾)$")
_PLACE_NAME = re.compile(r"^[A-Z]\w+.* (?i:province|city|county|district|prefecture|island|region)$")
_PERSON_CONTEXT = re.compile(
    r"^\s*(,\s*(a|an|the|who|chief|chair|co-?founder|founder|general|vice|senior|managing|ceo|cto|professor)\b"
    r"|(said|says|told|added|noted|explained|argued)\b)",
    re.IGNORECASE,
)
_PERSON_BEFORE = re.compile(r"\b(said|says|added|told|Mr|Mrs|Ms|Dr|Prof|President|CEO|founder|by)\.?\s+$")
_PRODUCT = re.compile(r"\b(chain|network|app|wallet|platform|pay|coin|protocol|cloud|os)\b", re.IGNORECASE)
_PLACE_GLOSS = re.compile(
    r"\b(city|province|county|district|capital|municipality|prefecture|country|island|town|region|autonomous region)\b",
    re.IGNORECASE,
)


def kind_of(
    form: str, target: str, contexts: Sequence[tuple[str, str]], glosses: Callable[[str], Sequence[str]], named: float
) -> Kind:
    """The kind of a term by English form, folded Chinese, contexts (text before, text after) and share of capitals.

    >>> kind_of("Guangdong province", "广东省", (), lambda target: (), 0.0)
    'place'
    """
    if is_acronym(form):
        return "acronym"
    if _PLACE_NAME.search(form) and _PLACE_ZH.search(target):
        return "place"
    if named < 0.5:
        return "concept"
    place = any(form.lower() in g.lower() and _PLACE_GLOSS.search(g) for g in glosses(target))
    if place or (len(form.split()) == 1 and len(target) > 2 and _PLACE_ZH.search(target)):
        return "place"
    if _ORGANISATION.search(form) or (target and ORGANISATION_ZH.search(target)):
        return "organisation"
    if 2 <= len(form.split()) <= 3 and any(_PERSON_CONTEXT.match(a) or _PERSON_BEFORE.search(b) for b, a in contexts):
        return "person"
    if any(re.search(r"\bcompany\b|\bowner of\b|\bfirm\b", g, re.IGNORECASE) for g in glosses(target)):
        return "organisation"
    return "product" if _PRODUCT.search(form) or re.search(r"[a-z][A-Z]|\d", form) else "concept"
