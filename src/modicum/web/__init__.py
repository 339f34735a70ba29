"""The clinic and the diary in a browser: pages, accounts and the store beneath them. Rows only, no rules of medicine.

Nothing here decides anything about a trial: it stores events, and asks the services. It may not open a seal.
"""
