"""Many trials at once: the same posterior as :mod:`modicum.analysis.fitting`, compiled for thousands of diaries.

Nothing here is imported before a batch is analysed: a diary of scores alone waits for no compiler. It may not know
more about the model than the readable form does, and is held to it to 1e-9 by tests.
"""
