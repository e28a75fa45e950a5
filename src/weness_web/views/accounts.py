"""Who one is: the first account, logging in and out, one's language and password, and accounts for others."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from weness_web.attempts import check_attempts, note_failure
from weness_web.faults import Fault
from weness_web.invitations import invited, is_valid, taken
from weness_web.models import User
from weness_web.words import COOKIE, NAMES, Words, language_of, words_for

TAKEN = ("consensus", "machine")
"""Names of coders that are no person."""


class AccountForm(forms.Form):
    name = forms.CharField(max_length=80)
    password = forms.CharField(strip=False)
    again = forms.CharField(strip=False)

    def __init__(self, *told: object, w: Words, **more: object):
        super().__init__(*told, **more)  # type: ignore[arg-type]
        self.w = w
        for field in self.fields.values():
            field.error_messages["required"] = w("common.required")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name.casefold() in TAKEN or User.objects.filter(name__iexact=name).exists():
            raise ValidationError(self.w("accounts.name_taken", name=name))
        return name

    def clean(self) -> dict[str, str]:
        data: dict[str, str] = self.cleaned_data
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", self.w("accounts.not_the_same"))
        elif data.get("password"):
            fault = password_fault(data["password"], User(name=data.get("name", "")), self.w)
            if fault:
                self.add_error("password", fault)
        return data


def password_fault(password: str, user: User, w: Words) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(w(f"accounts.{one.code}") for one in error.error_list)
    return ""


@login_not_required
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a one-time link: it makes one account."""
    if not is_valid(token):
        if request.user.is_authenticated:
            return redirect("home")
        raise Fault("accounts.link_spent", status=410)
    w = words_for(request)
    form = AccountForm(request.POST or None, w=w)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = taken(token, data["name"], data["password"], language_of(request))
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    first = not User.objects.exists()
    return render(request, "accounts/welcome.html", {"form": form, "first": first})


@login_not_required
def log_in(request: HttpRequest) -> HttpResponse:
    there = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}):
        there = reverse("home")
    if request.user.is_authenticated:
        return HttpResponseRedirect(there)
    name, fault = request.POST.get("name", "").strip(), ""
    if request.method == "POST":
        check_attempts(name)
        user = authenticate(request, username=name, password=request.POST.get("password", ""))
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(there)
        note_failure(name)
        fault = words_for(request)("accounts.not_known")
    nobody = not User.objects.exists()
    status = 400 if fault else 200
    return render(
        request, "accounts/login.html", {"name": name, "fault": fault, "next": there, "nobody": nobody}, status=status
    )


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("login")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen not in NAMES:
        raise Fault("common.not_understood")
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    back = request.POST.get("back", "/")
    response = HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
    response.set_cookie(
        COOKIE, chosen, max_age=365 * 24 * 3600, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    people = User.objects.order_by("name") if request.user.keeps_house else []
    return render(request, "accounts/account.html", {"people": people})


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    w = words_for(request)
    if not request.user.check_password(request.POST.get("old", "")):
        raise Fault("accounts.not_your_password")
    if request.POST.get("password") != request.POST.get("again"):
        raise Fault("accounts.not_the_same")
    fault = password_fault(request.POST.get("password", ""), request.user, w)
    if fault:
        raise Fault(text=fault)
    request.user.set_password(request.POST["password"])
    request.user.save()
    update_session_auth_hash(request, request.user)
    messages.success(request, w("accounts.password_changed"))
    return redirect("account")


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """A one-time link for another person, shown once."""
    if not request.user.keeps_house:
        raise Fault("accounts.house_only", status=403)
    link = request.build_absolute_uri(reverse("welcome", args=[invited()]))
    people = User.objects.order_by("name")
    return render(request, "accounts/account.html", {"people": people, "link": link})


urlpatterns = [
    path("welcome/<str:token>", welcome, name="welcome"),
    path("login", log_in, name="login"),
    path("logout", log_out, name="logout"),
    path("language", language, name="language"),
    path("account", account, name="account"),
    path("account/password", password, name="password"),
    path("account/invite", invite, name="invite"),
]
