//! Images that are drawn from the state.

use std::collections::BTreeSet;

use crate::environment::{Batch, FrameKey, Outcome, Policy, Task};
use crate::stream::Domain;

use super::plan::Plan;
use super::record::digest;
use super::violation::{Rule, Violation};

/// Steps whose images are compared: each is drawn a dozen times.
const MOST_STEPS: usize = 128;

/// Plays three batches by the same actions: one that is drawn all the time, one that is drawn only
/// where it is compared, and one that is restored from what the first has saved. Gives how many
/// different images were compared.
///
/// That play and restoring give the same images as well is the other rules' matter: for them the
/// image is part of the observation.
pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<u64, Violation> {
    let new = || task.batch(plan.lanes, plan.stream(Domain::Training));
    let (mut watched, mut unwatched, mut restored) = (new(), new(), new());
    let mut policy = plan.random_policy(task);
    let (mut first, mut actions) = (vec![true; plan.lanes], vec![0; plan.lanes]);
    let mut images = BTreeSet::new();
    let mut ends = Vec::new();
    for step in 0..=plan.steps.min(MOST_STEPS) {
        let place = |detail: &str| Violation::new(Rule::Frames, format!("step {step}: {detail}"));
        let words = watched.save();
        let expected = (0..plan.lanes).map(|lane| image(&*watched, lane, &place)).collect::<Result<Vec<_>, _>>()?;
        if watched.save() != words || watched.save() != unwatched.save() {
            return Err(place("drawing changes the state"));
        }
        restored.restore(&words).map_err(|error| Violation::new(Rule::Restore, error.to_string()))?;
        for lane in (0..plan.lanes).rev() {
            if image(&*restored, lane, &place)? != expected[lane] {
                return Err(place(&format!("lane {lane}: restored, the same state draws another image")));
            }
        }
        images.extend(expected.iter().map(|pixels| digest(pixels)));
        policy.act(watched.observe(), &first, &mut actions);
        unwatched.step(&actions);
        let outcomes = watched.step(&actions).outcomes.to_vec();
        if outcomes.len() != plan.lanes {
            let detail = format!("{} outcomes for {} lanes", outcomes.len(), plan.lanes);
            return Err(Violation::new(Rule::BatchShape, detail));
        }
        first = outcomes.into_iter().map(Outcome::ends).collect();
        for lane in (0..plan.lanes).filter(|&lane| first[lane]) {
            let last = twice(&*watched, |pixels| watched.draw_last(lane, pixels))
                .ok_or_else(|| place(&format!("lane {lane}: the last image {DEPENDS}")))?;
            ends.push((digest(&last), digest(&image(&*watched, lane, &place)?)));
        }
    }
    check_ends(&ends)?;
    images.extend(ends.into_iter().map(|(last, _)| last));
    Ok(images.len() as u64)
}

/// Checks that an episode's last image is not always the first one of the lane's next episode, where first images
/// differ. Each pair has one and the other.
fn check_ends(ends: &[(FrameKey, FrameKey)]) -> Result<(), Violation> {
    let vary = ends.iter().any(|(_, first)| *first != ends[0].1);
    if vary && ends.iter().all(|(last, first)| last == first) {
        let detail = "the last image of an episode is always the first one of the next";
        return Err(Violation::new(Rule::Frames, detail));
    }
    Ok(())
}

const DEPENDS: &str = "depends on what was in the buffer, or on what was drawn before";

fn image(batch: &dyn Batch, lane: usize, place: &impl Fn(&str) -> Violation) -> Result<Vec<u8>, Violation> {
    let drawn = twice(batch, |pixels| batch.draw(lane, pixels));
    drawn.ok_or_else(|| place(&format!("lane {lane}: the image {DEPENDS}")))
}

/// Gives the image that `draw` draws into two buffers of different content, if both images are equal.
fn twice(batch: &dyn Batch, draw: impl Fn(&mut [u8])) -> Option<Vec<u8>> {
    let [black, white] = [0x00, 0xFF].map(|before| {
        let mut pixels = vec![before; batch.spec().frame.bytes()];
        draw(&mut pixels);
        pixels
    });
    (black == white).then_some(black)
}
