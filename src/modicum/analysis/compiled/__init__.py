"""What is compiled by Numba: how, eight numbers at once, and the filter of diaries of yes or no.

Nothing here is imported before it is needed: a diary of scores never waits for a compiler.
"""
