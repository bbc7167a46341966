//! An environment whose image is drawn from its state and hardly ever repeats: which half of a noisy image is brighter? A
//! policy that reads the images answers.
//!
//! `cargo run --release -p gridworld-envs --example drawn_frames [STEPS]`

use gridworld_envs::*;

const SIDE: usize = 8;
const FACTOR: u64 = 6_364_136_223_846_793_005;

fn spec() -> Spec {
    Spec::new("Brighter-v1", FrameShape { height: SIDE, width: SIDE, channels: 1 }, ["left", "right"]).drawn()
}

/// Images in an episode, until the right answer or the last one.
const LOOKS: u64 = 4;

#[derive(Default)]
struct Brighter {
    right: bool,
    noise: u64,
    looks: u64,
    success: bool,
}

impl Environment for Brighter {
    fn spec(&self) -> Spec {
        spec()
    }
    fn reset(&mut self, stream: &mut Stream) -> Observation {
        *self = Brighter { right: stream.below(2) == 1, noise: stream.below(u32::MAX).into(), ..Brighter::default() };
        Observation { frame: FrameKey::default(), instruction: 0.0 }
    }
    fn step(&mut self, action: usize) -> Step {
        (self.looks, self.success) = (self.looks + 1, (action == 1) == self.right);
        self.noise = self.noise.wrapping_mul(FACTOR).wrapping_add(1);
        let outcome = match (self.success, self.looks) {
            (true, _) => Outcome::Terminated,
            (false, LOOKS) => Outcome::Truncated,
            (false, _) => Outcome::Running,
        };
        let observation = Observation { frame: FrameKey::default(), instruction: 0.0 };
        Step { observation, reward: f32::from(u8::from(self.success)), outcome }
    }
    fn info(&self) -> EpisodeInfo {
        EpisodeInfo { success: self.success && self.looks == 1, feasible: true, timing: None }
    }
    fn draw(&self, pixels: &mut [u8]) {
        for (place, pixel) in (0..).zip(pixels) {
            let bits = ((self.noise ^ place).wrapping_mul(FACTOR) >> 29 ^ place).wrapping_mul(FACTOR);
            let bright = (place as usize % SIDE >= SIDE / 2) == self.right;
            *pixel = (bits >> 57) as u8 + if bright { 100 } else { 60 };
        }
    }
    fn save(&self) -> Vec<u64> {
        vec![self.right.into(), self.noise, self.looks]
    }
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = |_| RestoreError { environment: "Brighter-v1".to_owned(), reason: format!("{words:?}") };
        let [right, noise, looks] = words.try_into().map_err(refuse)?;
        *self = Brighter { right: right == 1, noise, looks, success: false };
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps: usize = std::env::args().nth(1).map_or(Ok(1_000), |steps| steps.parse())?;
    let mut batch = BatchOf::new(1, StreamId { seed: 1, domain: Domain::Evaluation, index: 0 }, Brighter::default);
    let (mut pixels, mut right) = (vec![0; spec().frame.bytes()], 0);
    for _ in 0..steps {
        batch.draw(0, &mut pixels);
        let sum = |half| pixels.chunks(SIDE / 2).skip(half).step_by(2).flatten().map(|&p| u32::from(p)).sum::<u32>();
        let action = u8::from(sum(1) > sum(0));
        right += u32::from(batch.step(&[action]).infos[0].success);
    }
    println!("right at the first image in {right} of {steps} steps; the last image:");
    pixels.chunks(SIDE).for_each(|row| println!("{row:3?}"));
    Ok(())
}
