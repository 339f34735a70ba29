"""What holds for every test."""

from hypothesis import settings

# A loaded machine is no failure of the code: examples have no deadline, the suite as a whole has.
settings.register_profile("modicum", deadline=None, print_blob=True)
settings.load_profile("modicum")
