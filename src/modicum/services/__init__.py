"""Services: the verbs that the command line, Python and the clinic share.

Each takes what a person gives, calls the rooms below in order, and returns a frozen result. No printing, no pages.
"""
