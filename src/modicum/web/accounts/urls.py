"""The pages of allauth that Modicum has: log-in, second factors and passwords; no sign-up, and nothing by mail."""

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path

from modicum.web.refusals import missing

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", missing, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("second-factor/", include("allauth.mfa.urls")),
]
