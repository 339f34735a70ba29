"""Charts in pages: drawn by the server from the documents of the reports, and pointed at where a browser can do that.

Knows no trial, no dose and no person: what it is given it draws.
"""
