"""The form of an answer that is given to somebody who left."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WantForm(forms.Form):
    """That the person wants to know, which nobody decides for her."""

    wants = forms.BooleanField(
        label=_("The person has said so: an answer is wanted"),
        help_text=_("What was written is analysed, and you read together what it shows."),
        error_messages={"required": _("Somebody who left is given an answer only where it is wanted.")},
    )
