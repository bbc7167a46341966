//! Updates of two workers from the same parameters.

use gridworld_agents::training::{UpdateStatistics, Worker};
use tch::{Device, Tensor};

/// Gradients and episodes of a worker's updates.
#[derive(Debug, Default)]
pub struct Updates {
    /// Gradient of each update.
    pub gradients: Vec<Tensor>,
    /// Episodes that ended, over all updates.
    pub episodes: u64,
}

/// Gives the greatest absolute value.
pub fn largest(tensor: &Tensor) -> f64 {
    tensor.abs().max().double_value(&[])
}

/// Lets both workers update `count` times, each time from the same parameters, which move away from
/// `parameters` by the expected gradient, and gives what the second one found.
///
/// # Panics
/// If they play other episodes, or if gradients or losses differ by more than rounding: a gradient by more
/// than 10⁻³ of its greatest component, a loss by more than 10⁻⁵.
pub fn compare(mut workers: [&mut Worker; 2], parameters: &Tensor, count: usize, place: &str) -> Updates {
    let parameters = parameters.copy();
    let mut updates = Updates::default();
    for update in 0..count {
        let [(expected, expected_statistics), (found, statistics)] = workers.each_mut().map(|worker| {
            tch::no_grad(|| worker.parameters().copy_(&parameters));
            let (gradient, statistics) = worker.update(0.0).expect("an update");
            (gradient.to_device(Device::Cpu), statistics)
        });
        let place = format!("{place}, update {update}");
        let counts = |s: &UpdateStatistics| (s.steps, s.episodes, s.successes, s.returns);
        assert_eq!(counts(&statistics), counts(&expected_statistics), "{place}");
        let off = largest(&(&found - &expected)) / (1e-3 + largest(&expected));
        assert!(off < 1e-3, "{place}: gradients differ by {off}");
        let (a, b) = (statistics.losses, expected_statistics.losses);
        for (a, b) in [(a.policy, b.policy), (a.value, b.value), (a.entropy, b.entropy)] {
            assert!((a - b).abs() < 1e-5 * (1.0 + b.abs()), "{place}: loss {a}, not {b}");
        }
        // Away from the start, so that the policy is not uniform for ever.
        tch::no_grad(|| drop(parameters.shallow_clone().g_sub_(&(expected * 0.05))));
        updates.gradients.push(found);
        updates.episodes += statistics.episodes;
    }
    updates
}
