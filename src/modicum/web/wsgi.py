"""The web as a server calls it: ``granian --interface wsgi modicum.web.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modicum.web.settings")

application = get_wsgi_application()
