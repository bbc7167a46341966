//! Images, pixel by pixel where it matters.

use std::collections::HashSet;

use gridworld_envs::board::{AGENT, BACKGROUND, GRID_LINE, TARGET};
use gridworld_envs::{Environment, FrameKey, Reward};

use crate::task;

type Image = Vec<[u8; 3]>;

fn image(agent: u64, target: u64) -> Image {
    let mut pixels = vec![0xAA; 56 * 56 * 3];
    task([5], Reward::Graded).environment().render(FrameKey(25 * agent + target), &mut pixels);
    pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

fn count(image: &Image, colour: [u8; 3]) -> usize {
    image.iter().filter(|&&pixel| pixel == colour).count()
}

#[test]
fn cells_and_lines_are_where_they_should_be() {
    // The agent in row 1, column 2; the target in the lower right corner.
    let image = image(7, 24);
    let at = |y: usize, x: usize| image[56 * y + x];
    for line in [0, 11, 22, 33, 44, 55] {
        assert!((0..56).all(|x| at(line, x) == GRID_LINE && at(x, line) == GRID_LINE), "line {line}");
    }
    let mut inside = 0;
    for (y, x) in (0..56).flat_map(|y| (0..56).map(move |x| (y, x))) {
        if (12..=21).contains(&y) && (23..=32).contains(&x) {
            assert_eq!(at(y, x), AGENT, "row {y}, column {x}");
            inside += 1;
        } else if (45..=54).contains(&y) && (45..=54).contains(&x) {
            assert_eq!(at(y, x), TARGET, "row {y}, column {x}");
            inside += 1;
        } else if y % 11 != 0 && x % 11 != 0 {
            assert_eq!(at(y, x), BACKGROUND, "row {y}, column {x}");
            inside += 1;
        }
    }
    assert_eq!(inside, 2500);
}

#[test]
fn colours_are_the_documented_ones() {
    assert_eq!((BACKGROUND, GRID_LINE, AGENT, TARGET), ([0; 3], [64; 3], [128; 3], [255, 0, 0]));
}

#[test]
fn every_image_has_the_right_number_of_pixels_of_each_colour() {
    let mut looked_at = 0;
    for (agent, target) in (0..25).flat_map(|agent| (0..25).map(move |target| (agent, target))) {
        let image = image(agent, target);
        // 6 rows and 6 columns of 56 pixels, which cross in 36; a cell is 10 × 10. The agent hides
        // the target that it stands on.
        let (lines, red) = (2 * 6 * 56 - 36, if agent == target { 0 } else { 100 });
        assert_eq!(count(&image, GRID_LINE), lines);
        assert_eq!(count(&image, AGENT), 100);
        assert_eq!(count(&image, TARGET), red);
        assert_eq!(count(&image, BACKGROUND), 56 * 56 - lines - 100 - red);
        looked_at += 1;
    }
    assert_eq!(looked_at, 625);
}

#[test]
fn no_two_keys_share_an_image() {
    let images: HashSet<Image> = (0..625).map(|key| image(key / 25, key % 25)).collect();
    assert_eq!(images.len(), 600 + 25);
}

#[test]
fn mirrored_boards_have_mirrored_images() {
    // (row, column) ↦ (column, row)
    let mirrored = |cell: u64| 5 * (cell % 5) + cell / 5;
    let mut looked_at = 0;
    for (agent, target) in (0..25).flat_map(|agent| (0..25).map(move |target| (agent, target))) {
        let (image, mirror) = (image(agent, target), image(mirrored(agent), mirrored(target)));
        assert!((0..56 * 56).all(|i| image[i] == mirror[56 * (i % 56) + i / 56]), "agent {agent}, target {target}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 625);
}

#[test]
#[should_panic(expected = "FrameKey(625) is no frame")]
fn a_key_of_no_frame_panics() {
    image(25, 0);
}

#[test]
#[should_panic(expected = "9408 bytes")]
fn a_buffer_of_another_size_panics() {
    task([5], Reward::Graded).environment().render(FrameKey(1), &mut [0; 9407]);
}
