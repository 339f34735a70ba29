"""Decision: posterior to verdict.

The rules of docs/model.md, the sentence that states the verdict, and the answer that a report shows. It has no
model of its own and may not know pages, commands or sealed allocations.
"""
