//! Digits drawn on the spot: strokes, slightly moved, stretched and turned, with noise.

use std::fs;
use std::path::Path;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

const SIDE: usize = 28;

/// The strokes of each digit, through points of a field of 4 × 6.
const STROKES: [&[&[(f64, f64)]]; 10] = [
    &[&[(1., 0.), (3., 0.), (4., 2.), (4., 4.), (3., 6.), (1., 6.), (0., 4.), (0., 2.), (1., 0.)]],
    &[&[(1., 1.5), (2.2, 0.), (2.2, 6.)]],
    &[&[(0., 1.), (1., 0.), (3., 0.), (4., 1.5), (0., 6.), (4., 6.)]],
    &[&[(0., 0.), (4., 0.), (2., 2.5), (4., 4.), (3., 6.), (0., 5.5)]],
    &[&[(3., 6.), (3., 0.), (0., 4.), (4., 4.)]],
    &[&[(4., 0.), (0.5, 0.), (0.5, 2.5), (3., 2.5), (4., 4.), (3., 6.), (0., 6.)]],
    &[&[(3., 0.), (1., 2.), (0., 4.), (1., 6.), (3., 6.), (4., 4.5), (3., 3.), (0.5, 3.5)]],
    &[&[(0., 0.), (4., 0.), (1.5, 6.)], &[(1., 3.), (3.5, 3.)]],
    &[&[(2., 2.8), (0.5, 1.5), (2., 0.), (3.5, 1.5), (2., 2.8), (0., 4.5), (2., 6.), (4., 4.5), (2., 2.8)]],
    &[&[(4., 2.), (2., 3.), (0.5, 1.5), (2., 0.), (4., 1.), (4., 3.), (3., 6.)]],
];

/// Draws `count` images, `[count, 28, 28]`, and gives their labels, too: the digits in turn.
pub fn digits(count: usize, seed: u64) -> (Vec<u8>, Vec<u8>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let labels: Vec<u8> = (0..count).map(|index| (index % 10) as u8).collect();
    let pixels = labels.iter().flat_map(|&label| draw(label, &mut rng)).collect();
    (pixels, labels)
}

/// Writes the four files of MNIST with drawn digits.
pub fn write(folder: &Path, train: usize, test: usize) {
    for (prefix, count, seed) in [("train", train, 1), ("t10k", test, 2)] {
        let (pixels, labels) = digits(count, seed);
        let count = (count as u32).to_be_bytes();
        let side = (SIDE as u32).to_be_bytes();
        let images = [&0x803_u32.to_be_bytes()[..], &count, &side, &side, &pixels].concat();
        fs::write(folder.join(format!("{prefix}-images-idx3-ubyte")), images).unwrap();
        let labels = [&0x801_u32.to_be_bytes()[..], &count, &labels].concat();
        fs::write(folder.join(format!("{prefix}-labels-idx1-ubyte")), labels).unwrap();
    }
}

fn draw(label: u8, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut near = |middle: f64, by: f64| middle + by * (2.0 * rng.random::<f64>() - 1.0);
    let (width, height, thickness) = (near(3.0, 0.5), near(3.0, 0.3), near(1.5, 0.4));
    let (x_0, y_0, slant) = (near(14.0, 1.5), near(14.0, 1.5), near(0.0, 0.25));
    let placed = |(x, y): (f64, f64)| {
        let down = height * (y - 3.0);
        (x_0 + width * (x - 2.0) - slant * down, y_0 + down)
    };
    let mut pixels = vec![0.0_f64; SIDE * SIDE];
    for stroke in STROKES[usize::from(label)] {
        for pair in stroke.windows(2) {
            let (a, b) = (placed(pair[0]), placed(pair[1]));
            for (index, pixel) in pixels.iter_mut().enumerate() {
                let point = ((index % SIDE) as f64, (index / SIDE) as f64);
                let ink = (thickness + 0.5 - distance(point, a, b)).clamp(0.0, 1.0);
                *pixel = pixel.max(ink);
            }
        }
    }
    pixels.iter().map(|ink| (255.0 * (ink * near(0.9, 0.1)).clamp(0.0, 1.0)) as u8).collect()
}

/// Computes the distance from a point to the line between two others.
fn distance((x, y): (f64, f64), (x_a, y_a): (f64, f64), (x_b, y_b): (f64, f64)) -> f64 {
    let (dx, dy) = (x_b - x_a, y_b - y_a);
    let along = (((x - x_a) * dx + (y - y_a) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - x_a - along * dx).hypot(y - y_a - along * dy)
}
