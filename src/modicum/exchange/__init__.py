"""Exchange: answers in the forms that other programs read.

Each file turns what a room below already knows into one foreign form. It computes nothing and decides nothing, and may
not know pages, services or commands.
"""
