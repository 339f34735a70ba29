"""What is answered where something cannot be done: a ``modicum.error/1`` document, and when to try again."""

from typing import Any, NoReturn

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from modicum.foundation.errors import Problem, problem

RETRY_SECONDS = 30
_FULL = ("disk is full", "database or disk is full", "No space left", "could not extend file")


class Refused(Exception):  # noqa: N818 - what is said, not a fault
    """A request that is answered with one problem.

    Args:
        status: of HTTP.
        found: the problem.
    """

    def __init__(self, status: int, found: Problem):
        self.status, self.problem = status, found
        super().__init__(str(found))


def refuse(status: int, found: Problem) -> NoReturn:
    """Answer with one problem.

    Raises:
        Refused: always.
    """
    raise Refused(status, found)


def answer(status: int, *problems: Problem) -> HttpResponse:
    """Problems as an answer; where waiting helps, it says how long."""
    document = {"schema": "modicum.error/1", "problems": [one.to_dict() for one in problems]}
    response = JsonResponse(document, status=status)
    if status in (429, 503, 507):
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def teach(api: NinjaAPI) -> None:
    """Have every refusal of an interface answered in this form."""

    @api.exception_handler(Refused)
    def refused(_request: HttpRequest, found: Refused) -> HttpResponse:
        return answer(found.status, found.problem)

    @api.exception_handler(AuthenticationError)
    def unknown(_request: HttpRequest, _found: AuthenticationError) -> HttpResponse:
        fix = "Keep what is unsent, and ask the clinic for a new link."
        return answer(401, problem("MOD-WEB-01", "cookie", "", "This phone is not known here, or no longer", fix))

    @api.exception_handler(ValidationError)
    def malformed(_request: HttpRequest, found: ValidationError) -> HttpResponse:
        return answer(422, *(_of_field(error) for error in found.errors))

    @api.exception_handler(HttpError)
    def unread(_request: HttpRequest, found: HttpError) -> HttpResponse:
        fix = "Send it as the OpenAPI document says."
        return answer(found.status_code, problem("MOD-WEB-03", "body", "", "The body cannot be read", fix))

    @api.exception_handler(DatabaseError)
    def unkept(_request: HttpRequest, found: DatabaseError) -> HttpResponse:
        full = any(words in str(found) for words in _FULL)
        fix = "Keep what is unsent, and send it again later; nothing is lost."
        message = "The clinic's disk is full" if full else "The clinic's database does not answer"
        return answer(507 if full else 503, problem("MOD-WEB-07", "store", "", message, fix))

    @api.exception_handler(Exception)
    def failed(_request: HttpRequest, found: Exception) -> HttpResponse:
        import logging

        logging.getLogger("modicum.api").exception("A fault of ours", exc_info=found)
        fix = "Keep what is unsent, and send it again later."
        return answer(500, problem("MOD-WEB-08", "clinic", "", "Something went wrong here, not with you", fix))


def _of_field(error: Any) -> Problem:
    where = ".".join(str(step) for step in error.get("loc", ()))
    return problem("MOD-WEB-03", where, "", str(error.get("msg", "not of the form")), "Send it as the schema says.")
