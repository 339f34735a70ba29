"""The store: one table of events that are appended and never changed, each with the hash of the one before.

It knows nothing of accounts, pages or medicine; what an event means is told by the trial, which is a fold over them.
"""
