"""Command line: parse, call a service, print. One file per command; no rule and no number is made here."""
