"""The pharmacy: orders, kits, what comes back, and recalls. It shows what capsules hold, and never how the patient is.

Only here may amber be seen before a trial is answered. What a kit holds is shown in the answer to a form alone, and is
worked out anew, on the record, each time.
"""
