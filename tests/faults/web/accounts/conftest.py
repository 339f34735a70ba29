"""Django is set up before any page is imported."""

import clinic_people

assert clinic_people
