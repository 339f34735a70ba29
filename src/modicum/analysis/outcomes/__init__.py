"""Outcomes that are not Gaussian: yes or no, counts and ordered categories, on a link scale.

``families`` say how an answer comes about given the linear predictor, ``hermite`` integrates the residual process
exactly, ``modes`` finds where the posterior is, ``importance`` samples it on a lattice, ``effects`` brings it back to
the outcome's own scale, and ``link_posterior`` answers what decisions ask.
"""
