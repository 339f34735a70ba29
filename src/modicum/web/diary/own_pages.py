"""What a phone may fetch for its person: her own data, and her result once there is one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from modicum.services.diary.own_data import own_csv, own_document
from modicum.services.diary.story import Story
from modicum.web.accounts.devices import device_of
from modicum.web.own_style import page_with_own_style
from modicum.web.stories import story_of
from modicum.web.trials import page_of


def own(answer: Callable[[Story], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view of the story of whoever's phone asks; nobody else's can be asked for."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        device = device_of(request)
        if device is None:
            return HttpResponse(status=401)
        response = answer(story_of(device.participant.trial))
        response["Cache-Control"] = "no-store"
        return response

    return view


@own
def data_json(story: Story) -> HttpResponseBase:
    """Everything that she handed in."""
    response = JsonResponse(own_document(story), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="modicum-diary-clinic.json"'
    return response


@own
def data_csv(story: Story) -> HttpResponseBase:
    """The same as a table."""
    response = HttpResponse(own_csv(story), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="modicum-diary.csv"'
    return response


@own
def result(story: Story) -> HttpResponseBase:
    """Her result: one page without script or network, whose only style is the one that it carries."""
    place = page_of(story.trial)
    if story.answered is None or not place.exists():
        return HttpResponse(status=404)
    return page_with_own_style(place.read_bytes())
