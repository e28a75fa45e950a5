"""Which address leads to which page. Each file of views/ lists its own."""

from __future__ import annotations

from weness_web.views import (
    accounts,
    actions,
    agreement,
    checking,
    codebook,
    exports,
    files,
    members,
    overview,
    reader,
    review,
    searching,
    setup,
    states,
    studies,
    turns,
)

urlpatterns = [
    path
    for views in (
        studies,
        accounts,
        states,
        files,
        setup,
        turns,
        members,
        reader,
        searching,
        exports,
        codebook,
        review,
        checking,
        agreement,
        overview,
        actions,
    )
    for path in views.urlpatterns
]
handler400 = "weness_web.views.errors.not_understood"
handler403 = "weness_web.views.errors.not_allowed"
handler404 = "weness_web.views.errors.not_found"
handler500 = "weness_web.views.errors.broken"
