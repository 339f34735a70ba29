"""Dispensing: the kits of a trial from the order to the last capsule, as a fold over the events of its store.

Every kit has events of its own: ``ordered``, ``prepared``, ``dispensed``, ``returned``, ``recalled``, ``replaced``.
None of them says what it holds. That is worked out from the opened allocation, for the pharmacist, and kept nowhere.
"""
