"""Decision: posterior to verdict.

The rules of MODEL.md section 2 as data, the sentence that states the verdict, and the answer that a report shows. It may
not fit a model of its own, and knows neither pages nor commands.
"""
