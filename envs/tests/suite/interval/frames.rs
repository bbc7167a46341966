//! Images with and without a flash.

use std::collections::HashSet;

use gridworld_envs::board::{AGENT, BACKGROUND, FLASH, GRID_LINE, TARGET};
use gridworld_envs::{Environment, FrameKey, Reward};

use super::task;

fn image(key: u64) -> Vec<[u8; 3]> {
    let mut pixels = vec![0xAA; 56 * 56 * 3];
    task([5], Reward::Graded, 1).environment().render(FrameKey(key), &mut pixels);
    pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

#[test]
fn a_flash_turns_the_lines_white_and_nothing_else() {
    assert_eq!((FLASH, GRID_LINE), ([255; 3], [64; 3]));
    // The agent in row 1, column 2; the target in the lower right corner.
    let (dark, flash) = (image(25 * 7 + 24), image(625 + 25 * 7 + 24));
    let mut lines = 0;
    for (y, x) in (0..56).flat_map(|y| (0..56).map(move |x| (y, x))) {
        let (dark, flash) = (dark[56 * y + x], flash[56 * y + x]);
        if y % 11 == 0 || x % 11 == 0 {
            assert_eq!((dark, flash), (GRID_LINE, FLASH), "row {y}, column {x}");
            lines += 1;
        } else {
            let colour = match (y / 11, x / 11) {
                (1, 2) => AGENT,
                (4, 4) => TARGET,
                _ => BACKGROUND,
            };
            assert_eq!((dark, flash), (colour, colour), "row {y}, column {x}");
        }
    }
    assert_eq!(lines, 2 * 6 * 56 - 36);
}

#[test]
fn dark_images_are_those_of_timed_arrival() {
    let other = crate::task([5], gridworld_envs::Reward::Graded).environment();
    for key in 0..625 {
        let mut pixels = vec![0; 56 * 56 * 3];
        other.render(FrameKey(key), &mut pixels);
        assert!(image(key).as_flattened() == pixels, "key {key}");
    }
}

#[test]
fn no_two_keys_share_an_image() {
    let images: HashSet<_> = (0..1250).map(image).collect();
    assert_eq!(images.len(), 2 * (600 + 25));
}

#[test]
#[should_panic(expected = "FrameKey(1250) is no frame of interval reproduction")]
fn a_key_of_no_frame_panics() {
    image(1250);
}

#[test]
#[should_panic(expected = "9408 bytes")]
fn a_buffer_of_another_size_panics() {
    task([5], Reward::Graded, 1).environment().render(FrameKey(1), &mut [0; 9407]);
}
