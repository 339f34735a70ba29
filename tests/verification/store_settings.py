"""Settings of a server that holds a store and nothing else, so that crashes and speed are the store's own.

``MODICUM_SYNCHRONOUS`` weakens SQLite (NORMAL, OFF): that is what a test, and a figure, has to notice.
"""

import os

from modicum.web.databases import configured

ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": configured(os.environ["MODICUM_DATABASE"])}
if weak := os.environ.get("MODICUM_SYNCHRONOUS"):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("=FULL", f"={weak}")
INSTALLED_APPS = ["modicum.web.store"]
ROOT_URLCONF = "verification.store_endpoint"
USE_TZ = True
