"""`/api/v1`: what the pages show and do, as JSON. Errors are problem+json; the description is `/api/v1/openapi.json`.

    base.py      who asks: tokens and their scopes; bodies, numbers, tags
    reading.py   lookup, entries, export          writing.py   entries made, replaced, deleted
    texts.py     annotate, check, align, extract  spec.py      OpenAPI 3.1, its schemas made from the records

A GET takes a token or, where reading needs a login, the cookie of a page; anything else takes a token only, so that no
other site can make a browser do it.
"""

from web.api import reading, spec, texts, writing  # noqa: F401  (each adds its addresses to the blueprint)
from web.api.base import blueprint

__all__ = ["blueprint"]
