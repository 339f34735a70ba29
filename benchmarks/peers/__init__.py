"""Peers: the same density of one diary in other programs, each in the faster of the forms tried."""
