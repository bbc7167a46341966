//! Conversion of images to tensors.

use gridworld_envs::philox4x32_10;
use rand::{Rng, RngExt};
use tch::Tensor;

use super::{Labelled, SIDE};

/// Mean and standard deviation of MNIST's pixels, of 0 to 1.
const MOMENTS: (f32, f32) = (0.1307, 0.3081);

/// Greatest distance by which an image is moved in training, in pixels along each side.
pub const SHIFT: i32 = 1;

/// Augmentation of images before a network sees them.
pub enum Augmentation<'a, R> {
    /// No augmentation.
    None,
    /// Moves each image by up to [`SHIFT`] pixels along each side: the digits are few, and this makes more of them.
    Shifted(&'a mut R),
}

/// Makes a tensor of the images of these indices, `[images, 1, 28, 28]`, standardized.
pub fn tensor<R: Rng>(digits: &Labelled, indices: &[usize], mut augmentation: Augmentation<'_, R>) -> Tensor {
    let paper = -MOMENTS.0 / MOMENTS.1;
    let level = |grey: u8| (f32::from(grey) / 255.0 - MOMENTS.0) / MOMENTS.1;
    let mut pixels = vec![paper; indices.len() * SIDE * SIDE];
    for (target, &index) in pixels.chunks_exact_mut(SIDE * SIDE).zip(indices) {
        let (down, right) = match &mut augmentation {
            Augmentation::None => (0, 0),
            Augmentation::Shifted(rng) => (rng.random_range(-SHIFT..=SHIFT), rng.random_range(-SHIFT..=SHIFT)),
        };
        let inside = |position: usize, by: i32| usize::try_from(position as i32 - by).ok().filter(|&from| from < SIDE);
        for row in 0..SIDE {
            let Some(from_row) = inside(row, down) else { continue };
            for column in 0..SIDE {
                if let Some(from_column) = inside(column, right) {
                    target[row * SIDE + column] = level(digits.image(index)[from_row * SIDE + from_column]);
                }
            }
        }
    }
    Tensor::from_slice(&pixels).view([-1, 1, SIDE as i64, SIDE as i64])
}

/// Draws `count` indices below `bound`: number i of `stream` is the same whatever else is drawn.
pub fn draw(stream: u32, count: usize, bound: usize) -> Vec<usize> {
    let word = |i: usize| u64::from(philox4x32_10([i as u32, (i >> 32) as u32, stream, 0x6469_6769], [0, 0])[0]);
    (0..count).map(|i| ((word(i) * bound as u64) >> 32) as usize).collect()
}
