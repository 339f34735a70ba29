"""What is said of a drug that ends most events, and of one that does nothing, at every usual rate."""

import numpy as np
import pytest

import modicum
from modicum.records.diary import Diary

DAYS = 140


def kept(kind, usual, factor, seed):
    """Four blinded pairs after a run-in; the drug multiplies the usual rate."""
    rng = np.random.default_rng(seed)
    day = np.arange(DAYS)
    dose = np.where((day // 14) % 2 == 1, 4.5, 0.0)
    rate = np.where(dose > 0, usual * factor, usual)
    score = rng.poisson(rate) if kind == "count" else rng.random(DAYS) < rate
    return Diary(
        time_days=day + 20 / 24,
        received_days=day + 20 / 24,
        dosing_day=day,
        dose_mg=dose,
        blinded=np.where(day < 14, 0.0, 1.0),
        scores={"attacks": score.astype(float)},
        virtual=True,
    )


def answered(kind, usual, factor, seed=1):
    mcid = usual / 4
    return modicum.analyse(kept(kind, usual, factor, seed), outcome="attacks", kind=kind, better="lower", mcid=mcid)


RATES = [("count", 0.2), ("count", 1.0), ("count", 20.0), ("binary", 0.3), ("binary", 0.9)]


@pytest.mark.parametrize(("kind", "usual"), RATES)
def test_a_drug_that_ends_most_events_works(kind, usual):
    found = answered(kind, usual, 0.1).document
    assert found["verdict"]["code"] == "works"
    assert found["doses"][0]["mean"] == pytest.approx(-0.9 * usual, abs=0.35 * usual)


@pytest.mark.parametrize(("kind", "usual"), RATES)
def test_a_useless_drug_is_not_said_to_work(kind, usual):
    found = answered(kind, usual, 1.0).document
    assert found["verdict"]["code"] in {"cannot-tell", "nothing-that-matters"}
    assert found["p_no_effect"] > 0.3
