import numpy as np

from modicum.analysis.exposure import exposure

STARTS = np.arange(10) - 2 / 24


def on_from(day, n=10):
    return (np.arange(n) >= day).astype(float)[:, None]


def test_exposure_follows_the_exponential_from_the_moment_of_the_dose():
    time = np.array([3 + 20 / 24, 4 + 20 / 24])
    z = exposure(on_from(3), STARTS, time, np.array([3, 4]), np.array([4.0]))[0, :, 0]
    np.testing.assert_allclose(z, 1 - np.exp(-np.array([22 / 24, 46 / 24]) / 4.0), rtol=1e-12)


def test_washout_mirrors_onset():
    drive = on_from(0) - on_from(5)
    time = np.array([5.0, 8.5])
    z = exposure(drive, STARTS, time, np.array([5, 8]), np.array([1.5]))[0, :, 0]
    at_stop = 1 - np.exp(-5 / 1.5)
    np.testing.assert_allclose(z, at_stop * np.exp(-(time - STARTS[5]) / 1.5), rtol=1e-12)


def test_an_immediate_onset_is_the_dose_in_force():
    time = np.arange(10) + 20 / 24
    z = exposure(on_from(4), STARTS, time, np.arange(10), np.array([0.0]))[0, :, 0]
    np.testing.assert_array_equal(z, on_from(4)[:, 0])


def test_before_the_first_day_there_is_no_drug():
    z = exposure(on_from(0), STARTS, STARTS[:1], np.array([0]), np.array([4.0]))
    assert z[0, 0, 0] == 0


def test_a_moment_within_the_day_equals_a_fine_numerical_solution():
    drive = np.array([1, 1, 0, 1, 0, 0, 1, 1, 1, 0], float)[:, None]
    time = np.array([7.3])
    step, z = 1e-4, 0.0
    for t in np.arange(STARTS[0], time[0], step):
        z += step * (drive[int(np.floor(t + 2 / 24)), 0] - z) / 2.7
    found = exposure(drive, STARTS, time, np.array([7]), np.array([2.7]))[0, 0, 0]
    assert abs(found - z) < 1e-3
