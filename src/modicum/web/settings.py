"""Settings of the web: few, from the environment, safe where nothing is said."""

import os
from pathlib import Path

from modicum.web.databases import configured

DEBUG = False
SECRET_KEY = os.environ.get("MODICUM_SECRET_KEY", "")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = ["modicum.web.store"]
DATABASES = {"default": configured(os.environ.get("MODICUM_DATABASE", str(Path("out") / "modicum.sqlite3")))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
