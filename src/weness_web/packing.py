"""A long page packed quickly: the middleware packs tighter, and takes longer over it than the page to be made."""

from __future__ import annotations

import gzip
import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

LONG = 200_000
"""Bytes from which on it pays."""


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if len(response.content) < LONG or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    # As the middleware does: a length that varies tells nothing of what is inside.
    blur = f"<!-- {secrets.token_hex(secrets.randbelow(100))} -->".encode()
    response.content = gzip.compress(response.content + blur, compresslevel=1)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
