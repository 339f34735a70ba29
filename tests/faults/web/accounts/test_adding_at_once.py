"""A form to add a person that is sent many times at once adds her once."""

import threading

from django.db import connection

from clinic_databases import on_both
from modicum.web.accounts.models import Participant
from modicum.web.clinic.forms import new_token
from modicum.web.store.models import Event


@on_both
def test_a_form_that_is_sent_many_times_at_once_adds_one_person(world):
    number = 4
    clients = [world.client("prescriber") for _ in range(number)]
    given = {"surname": "Adeyemi", "given": "Tola", "born": "1971-02-03", "language": "en", "zone": "Europe/London"}
    given |= {"site": str(world.harbour.pk), "token": new_token()}
    before = Event.objects.filter(kind="added").count()
    led, ready = [], threading.Barrier(number)

    def send(client):
        ready.wait()
        try:
            led.append(client.post("/clinic/people/add/", given).headers["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    someone = Participant.objects.get(surname="Adeyemi")
    assert led == [f"/clinic/people/{someone.pk}/"] * number
    assert Event.objects.filter(kind="added").count() == before + 1
