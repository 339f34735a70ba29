"""Addresses of the staff's pages."""

from django.urls import URLPattern, URLResolver, include, path

from modicum.web.clinic import ordering, pages, people, phones, rescuing, sites

app_name = "clinic"
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", pages.account, name="account"),
    path("people/", people.listed, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<uuid:participant>/", include("modicum.web.clinic.following.urls")),
    path("people/<uuid:participant>/particulars/", people.correct, name="correct_person"),
    path("people/<uuid:participant>/invite/", people.invite_phone, name="invite_phone"),
    path("people/<uuid:participant>/rescue/", rescuing.put_in, name="rescue"),
    path("people/<uuid:participant>/", include("modicum.web.clinic.enrolling.urls")),
    path("people/<uuid:participant>/", include("modicum.web.clinic.answering.urls")),
    path("people/<uuid:participant>/order/", ordering.page, name="order"),
    path("phones/", phones.listed, name="phones"),
    path("phones/<uuid:device>/revoke/", phones.revoke, name="revoke_phone"),
    path("sites/", sites.listed, name="sites"),
    path("sites/add/", sites.add, name="add_site"),
    path("sites/<uuid:site>/", sites.page, name="site"),
    path("sites/<uuid:site>/staff/", sites.add_staff, name="add_staff"),
    path("roles/<uuid:membership>/end/", sites.end_role, name="end_role"),
    path("staff/<uuid:other>/way-in/", sites.renew, name="renew"),
]
