//! Rules for keys and images.

use std::collections::BTreeSet;

use crate::environment::{Batch, FrameKey, Task};
use crate::stream::Domain;

use super::plan::Plan;
use super::record::Player;
use super::violation::{Rule, Violation};

/// Keys whose images are compared at most: images are large.
const MAX_FRAMES: usize = 256;

/// Compares the images of the keys that random play shows, and gives how many keys there were.
pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<u64, Violation> {
    let mut batch = task.batch(plan.lanes, plan.stream(Domain::Training));
    let early = batch.observe().frames.to_vec();
    let early_images: Vec<Vec<u8>> = early.iter().map(|&key| image(&*batch, key, 0)).collect();
    let keys = keys(&mut *batch, task, plan)?;
    // Another batch, of another size and at another moment, in which these keys may never be shown.
    let other = task.batch(1, plan.stream(Domain::Evaluation));
    for &key in &keys {
        let expected = image(&*batch, key, 0x00);
        let broken = |what: &str| Err(Violation::new(Rule::Frames, format!("{key:?}: {what}")));
        if image(&*batch, key, 0xFF) != expected {
            return broken("the image depends on what was in the buffer");
        }
        if image(&*other, key, 0x00) != expected {
            return broken("another batch draws another image");
        }
    }
    for (&key, expected) in early.iter().zip(&early_images) {
        if image(&*batch, key, 0) != *expected {
            return Err(Violation::new(Rule::Frames, format!("{key:?}: the image changes as time passes")));
        }
    }
    Ok(keys.len() as u64)
}

/// The keys that are shown, the last ones of episodes included.
fn keys(batch: &mut dyn Batch, task: &dyn Task, plan: &Plan) -> Result<BTreeSet<FrameKey>, Violation> {
    let mut player = Player::new(batch, plan.random_policy(task))?;
    let mut keys: BTreeSet<FrameKey> = player.now.iter().map(|seen| seen.frame).collect();
    for _ in 0..plan.steps {
        for step in player.step()? {
            keys.extend([step.last.frame, step.now.frame]);
        }
        if keys.len() >= MAX_FRAMES {
            break;
        }
    }
    Ok(keys)
}

fn image(batch: &dyn Batch, key: FrameKey, before: u8) -> Vec<u8> {
    let mut pixels = vec![before; batch.spec().frame.bytes()];
    batch.render(key, &mut pixels);
    pixels
}
