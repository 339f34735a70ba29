"""The demo: an example clinic with virtual patients at every stage of a trial, run by the code that runs real ones.

Everybody in it is virtual and marked so. Each lives her sealed allocation: her capsules hold what was drawn, she
writes her diary by what they do to her, and her reviews are computed as for anybody. What staff do is done by the
services of their pages, on the days on which it happened.
"""
