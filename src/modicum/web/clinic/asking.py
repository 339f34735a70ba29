"""Who asks: the member of the staff behind a request that the door let in."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from modicum.web.accounts.models import Person, Role

Named = ParamSpec("Named")
Page = Callable[Concatenate[HttpRequest, Person, Named], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Named], HttpResponseBase]


def asked_by(*roles: Role) -> Callable[[Page[Named]], View[Named]]:
    """A view that hands its page the person who asks; to everybody else there is no such page.

    Args:
        roles: one of which she has at some site; none for all of the staff.
    """

    def declared(page: Page[Named]) -> View[Named]:
        @functools.wraps(page)
        def view(request: HttpRequest, *given: Named.args, **named: Named.kwargs) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, Person) or (roles and not any(person.sites_as(role) for role in roles)):
                raise Http404
            return page(request, person, *given, **named)

        return view

    return declared
