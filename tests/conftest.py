"""What holds for every test."""

from hypothesis import settings
from jaxtyping import install_import_hook

pytest_plugins = ("browsers",)

# A loaded machine is no failure of the code: examples have no deadline, the suite as a whole has.
settings.register_profile("modicum", deadline=None, print_blob=True)
settings.load_profile("modicum")

# Shapes are annotated in the source and checked here: an axis that is called "dose" twice has one length.
install_import_hook(["modicum.analysis", "modicum.pharmacology"], "shape_checking.typed")
