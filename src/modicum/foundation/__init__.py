"""Foundation: what every other room stands on.

Errors with stable codes, small value types, and nothing of the field itself. It may not know what a dose, a diary or a
trial is, and imports no other package of Modicum.
"""
