"""The environment for one keeps Gymnasium's rules."""

import unittest
import warnings

import numpy as np
from gymnasium.utils.env_checker import check_env

from timed_arrival import ATLAS, TimedArrival

UNREGISTERED = "the environment not having a spec"
"""In the one warning that is left: the environment is made by hand, not by name."""


class Rules(unittest.TestCase):
    def test_gymnasiums_own_check_passes(self):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            check_env(TimedArrival())
        self.assertEqual([str(each.message) for each in said if UNREGISTERED not in str(each.message)], [])

    def test_images_are_the_callers_own(self):
        environment = TimedArrival()
        first = environment.reset(options={"agent": 12, "target": 0, "instruction": 9})[0]["frame"]
        first[:] = 255
        second = environment.step(4)[0]["frame"]
        np.testing.assert_array_equal(second, environment.observe()["frame"])
        self.assertFalse((second == 255).all())
        self.assertFalse(np.shares_memory(second, ATLAS))


if __name__ == "__main__":
    unittest.main()
