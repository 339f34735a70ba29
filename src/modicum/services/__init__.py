"""Services: the verbs that the command line, Python and the clinic share.

Each takes what a person gives, calls the rooms below in order, and returns a frozen result. It prints nothing and draws
no page: it may not know the command line, nor how a number is come by.
"""
