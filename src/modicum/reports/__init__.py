"""Reports: an answer to charts and pages.

Charts, the prescriber's page, the patient's page, one self-contained file. No statistics and no Django: every number on
a page is a field of the answer.
"""
