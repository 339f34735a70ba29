"""The address of what a browser needs to read a chart."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.charts import engine

app_name = "charts"
urlpatterns: list[URLPattern | URLResolver] = [path("engine.js", engine.engine, name="engine")]
