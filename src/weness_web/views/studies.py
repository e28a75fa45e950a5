"""The first page: one's studies, a new one, and the demo to explore."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from weness_web import services
from weness_web.access import is_blind, membership
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.jobs import wake
from weness_web.models import Member, Study, User


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    studies = (
        Study.objects.filter(members=request.user)
        .annotate(texts=Count("documents", filter=Q(documents__gone=False), distinct=True))
        .defer("page", "guesses", "notes")
    )
    return render(request, "studies/home.html", {"studies": studies, "has_demo": any(one.invented for one in studies)})


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    title = " ".join(request.POST.get("title", "").split())[:200]
    if not title:
        raise Fault("studies.needs_title")
    return redirect("setup", made(request.user, title).pk)


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """A copy of the invented partnership, of one's own: nothing that is done to it is lost or shared."""
    with transaction.atomic():
        study = made(request.user, "Sierra Alta", invented=True)
        folder = folder_of(study.pk)
        services.copy_demo(folder)
        study.page = services.rows_in(folder)["page"]
        study.title = services.page_of(study.page)["study"].get("name", study.title)
        study.save()
        wake(study, "read", request.user, now=True)
    return redirect("overview", study.pk)


@require_GET
def study(request: HttpRequest, id: object) -> HttpResponse:
    """Where a study opens: its set-up while it has no texts, its texts while one codes blind, else its overview."""
    one = membership(request, id).study
    if not one.documents.exists():
        return redirect("overview" if one.invented else "setup", one.pk)
    return redirect("texts" if is_blind(one, request.user) else "overview", one.pk)


def made(user: User, title: str, invented: bool = False) -> Study:
    one = Study.objects.create(title=title, invented=invented)
    Member.objects.create(study=one, user=user, owner=True)
    folder_of(one.pk).mkdir(parents=True, exist_ok=True, mode=0o700)
    return one


urlpatterns = [
    path("", home, name="home"),
    path("new", create, name="create"),
    path("demo", demo, name="demo"),
    path("s/<uuid:id>/", study, name="study"),
]
