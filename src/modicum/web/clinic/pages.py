"""The first page of the staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def start(request: HttpRequest) -> HttpResponse:
    """What there is to do today."""
    return render(request, "clinic/start.html")
