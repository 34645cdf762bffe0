"""Addresses. Visible paths are Danish; names are the views' names."""

from allauth.account import views as account
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from demo import views as demo

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("core.urls")),
    path("", include("committee.urls")),
    path("", include("meetings.urls")),
    path("", include("ethics.urls")),
    # Before the use cases: one of theirs takes any word behind a case's number.
    path("", include("reports.urls")),
    path("", include("usecases.urls")),
    path("log-ind/", demo.login, name="account_login"),
    path("log-ud/", account.logout, name="account_logout"),
    path("konto/lukket/", account.signup, name="account_signup"),
    path("konto/inaktiv/", account.account_inactive, name="account_inactive"),
    path("konto/adgangskode/", account.password_change, name="account_change_password"),
    path("konto/glemt/", account.password_reset, name="account_reset_password"),
    path("konto/glemt/sendt/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "konto/ny/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "konto/ny/klar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]
handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
