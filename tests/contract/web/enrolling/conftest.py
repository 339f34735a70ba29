"""Pages whose forms can be looked into."""

import pytest
from django.test.utils import setup_test_environment, teardown_test_environment


@pytest.fixture(autouse=True)
def looked_into():
    """Responses hold what their templates were given."""
    setup_test_environment()
    yield
    teardown_test_environment()
