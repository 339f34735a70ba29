"""What holds for every test."""

from hypothesis import settings
from jaxtyping import install_import_hook

# Shapes and types of every array of the analysis are checked at run time, in tests only.
install_import_hook("modicum.analysis", "runtime_types.check")

# A loaded machine is no failure of the code: examples have no deadline, the suite as a whole has.
settings.register_profile("modicum", deadline=None, print_blob=True)
settings.load_profile("modicum")
