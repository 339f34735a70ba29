"""Addresses of the pharmacy."""

from django.urls import URLPattern, path

from modicum.web.pharmacy import counter, making, orders, recalling, replacing

app_name = "pharmacy"
urlpatterns: list[URLPattern] = [
    path("", orders.listed, name="orders"),
    path("counts/", recalling.counts, name="counts"),
    path("recall/", recalling.recalled, name="recall"),
    path("<uuid:participant>/", orders.page, name="kits"),
    path("<uuid:participant>/open/", making.opened, name="open"),
    path("<uuid:participant>/made/", making.made, name="made"),
    path("<uuid:participant>/labels/", making.labels, name="labels"),
    path("<uuid:participant>/hand-out/", counter.handed_out, name="hand_out"),
    path("<uuid:participant>/replace/", replacing.replaced, name="replace"),
    path("<uuid:participant>/come-back/", counter.come_back, name="come_back"),
]
