"""Compares docs/cuda.md with the numbers that it was made from."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cuda import page

ROOT = Path(__file__).parent.parent


class Page(unittest.TestCase):
    """Tests of the page of the committed numbers."""

    def test_it_is_made_of_the_numbers(self):
        document = json.loads((ROOT / "runs/reference/cuda.json").read_text())
        self.assertEqual(page(document), (ROOT / "docs/cuda.md").read_text())

    def test_all_checks_passed(self):
        document = json.loads((ROOT / "runs/reference/cuda.json").read_text())
        for check in [document["mastery"], *document["resumption"].values()]:
            self.assertTrue(check["passed"])

    def test_the_page_of_devices_has_its_greatest_ratio(self):
        rates = {}
        for row in json.loads((ROOT / "runs/reference/cuda.json").read_text())["rates"]:
            rates.setdefault(row["environments"], {})[row["device"]] = row["steps_per_second"]
        greatest = rates[max(rates)]
        words = " ".join((ROOT / "docs/devices.md").read_text().split())
        self.assertIn(f"{greatest['cuda'] / greatest['cpu']:.1f} times the processor's steps per second", words)


if __name__ == "__main__":
    unittest.main()
