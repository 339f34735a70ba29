from modicum.analysis.axes import Counts
from verification.counts import count
from verification.grid_error import run_grid_error


def test_the_grid_of_a_batch_is_within_the_promised_error_of_a_fine_one():
    finding = run_grid_error(count("grid-error"))
    assert finding.passed, finding.summary


def test_a_grid_of_few_nodes_is_not():
    assert not run_grid_error(24, counts=Counts(tau=5, ell=5, omega=3, sigma=3)).passed
