"""Words of protocols in templates, in the language of the page."""

from django import template

from modicum.web.language import marked

register = template.Library()


@register.filter
def said(text: str) -> str:
    """Words of a protocol; marked as English where they are in no other language."""
    return marked(text)
