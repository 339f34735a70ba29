"""Who is who: staff and their roles at a site, participants, and the phones that they keep a diary on.

It knows nothing of what a participant answers; that is in the store, under the name of the trial.
"""
