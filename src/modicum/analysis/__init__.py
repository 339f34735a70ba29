"""Analysis: records to posterior, the model of one person's diary.

Given a diary and a question it computes what can be known about the effect of every dose, with no opinion on what to do
about it. It may not know participants (the truth of a virtual person), sealed allocations or verdicts.
"""
