"""Dates as a language writes them, by the name of its folder."""
