"""Many virtual trials through the code that runs real ones: what a protocol would find before anyone is dosed.

It draws people and asks the trial, and has no rule of its own about what is decided.
"""
