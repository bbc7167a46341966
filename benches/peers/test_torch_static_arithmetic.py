"""PyTorch's static arithmetic against values worked out by hand."""

import unittest

import torch

import torch_static_arithmetic as peer


class StaticArithmetic(unittest.TestCase):
    """What is computed, and that it is learned."""

    def test_subsets_are_quarters_that_share_twelve(self) -> None:
        first, second = peer.subsets(62)
        self.assertEqual((first.sum(), second.sum(), (first * second).sum()), (25, 25, 12))
        self.assertEqual((first.nonzero()[0].item(), second.nonzero()[-1].item()), (62, 99))

    def test_the_threshold_is_that_of_gridworld(self) -> None:
        # ε² ((2 · 62 − 2 · 12)² · 16 + 4 · 74 · 4/3): 62 inputs in neither sum, 12 in both.
        self.assertAlmostEqual(peer.threshold() / (1e-10 * (100**2 * 16 + 4 * 74 * 4 / 3)), 1, places=5)

    def test_a_layer_is_what_is_worked_out(self) -> None:
        layer = peer.Nau(1, 2, 2)
        layer.weight.data = torch.tensor([[[1.0, -0.25], [0.5, 1.5]]])
        self.assertTrue(torch.equal(layer(torch.tensor([[[2.0, 4.0]]])), torch.tensor([[[1.0, 7.0]]])))
        layer.constrain()
        self.assertEqual(layer.weight[0, 1, 1].item(), 1)
        # (0 + ¼ + ½ + 0) / 4.
        self.assertAlmostEqual(layer.sparsity().item(), 0.1875)

    def test_the_regularizer_grows_between_its_updates(self) -> None:
        self.assertEqual([peer.ramp(update) for update in (0, 5_000, 27_500, 50_000, 10**6)], [0, 0, 0.005, 0.01, 0.01])

    def test_seeds_in_a_batch_do_not_touch_each_other(self) -> None:
        experiment = peer.Experiment(2)
        weight = experiment.layers[0].weight
        x, targets = experiment.draw(*peer.TRAINED)
        (experiment.layers(x) - targets).square().mean((1, 2))[0].backward()
        self.assertGreater(weight.grad[0].abs().sum(), 0)
        self.assertEqual(weight.grad[1].abs().sum(), 0)

    def test_it_learns(self) -> None:
        torch.manual_seed(1)
        experiment = peer.Experiment(3)
        checks = experiment.checks()
        errors = [next(checks).max().item() for _ in range(6)]
        self.assertLess(errors[-1], errors[0] / 100)


if __name__ == "__main__":
    unittest.main()
