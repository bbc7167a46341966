//! Tests of pictures and of the files that are made of them.

use std::io::Cursor;

use gridworld_agents::AgentName;
use gridworld_envs::{Configured, TimedArrivalConfig};
use gridworld_figures::raster::{Animation, Canvas, Palette, png};

use super::hundredths;
use super::picture::Painter;
use crate::replay::renderer::{Renderer, Replay};
use crate::run::player::Player;

fn renderer() -> Renderer {
    let environment = Configured::new(TimedArrivalConfig::default()).expect("an environment");
    Renderer::new(Player::untrained(AgentName::Oracle, &environment, 3).expect("it is known"), "best")
}

/// The pictures of two episodes, and the animation of them.
fn recorded() -> (Vec<Canvas>, Palette, Vec<u8>) {
    let renderer = renderer();
    let replays: Vec<Replay> =
        [5, 9].iter().flat_map(|&value| renderer.replays(value, 0, 1).expect("a recorded episode")).collect();
    let render = |picture: &gridworld_agents::evaluation::Picture, pixels: &mut [u8]| renderer.render(picture, pixels);
    let painter = Painter::new(renderer.shape(), &replays, &render).expect("few colours");
    let mut animation = Animation::new(painter.size(), painter.inks()).expect("an animation");
    let mut pictures = Vec::new();
    for replay in &replays {
        for t in 0..=replay.record.steps() {
            pictures.push(painter.picture(replay, t));
            animation.add(painter.picture(replay, t), hundredths(250, t, replay.record.steps())).expect("a frame");
        }
    }
    (pictures, painter.inks().clone(), animation.bytes().expect("a file"))
}

#[test]
fn the_animation_shows_every_picture() {
    let (pictures, inks, bytes) = recorded();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut decoder = options.read_info(Cursor::new(&bytes)).expect("a GIF");
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    assert_eq!((width, height), (pictures[0].width, pictures[0].height));
    let palette = decoder.global_palette().expect("a palette").to_vec();
    assert_eq!(palette[..inks.bytes().len()], inks.bytes()[..]);
    let mut screen = Canvas::new(width, height, 0);
    let mut delays = Vec::new();
    for picture in &pictures {
        let frame = decoder.read_next_frame().expect("a frame").expect("as many frames as pictures");
        let columns = usize::from(frame.width);
        for (row, pixels) in frame.buffer.chunks(columns).enumerate() {
            let start = (usize::from(frame.top) + row) * width + usize::from(frame.left);
            screen.pixels[start..start + columns].copy_from_slice(pixels);
        }
        assert_eq!(&screen, picture);
        delays.push(frame.delay);
    }
    assert!(decoder.read_next_frame().expect("an end").is_none());
    assert_eq!((pictures.len(), decoder.repeat()), (6 + 10, gif::Repeat::Infinite));
    assert_eq!([delays[0], delays[1], delays[5], delays[6]], [75, 25, 200, 75]);
}

#[test]
fn a_frame_is_the_same_picture() {
    let (pictures, inks, _) = recorded();
    let bytes = png(&pictures[3], &inks).expect("a file");
    let mut decoder = png::Decoder::new(Cursor::new(&bytes));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("an image");
    assert_eq!(pixels, pictures[3].pixels);
    assert_eq!(reader.info().palette.as_deref(), Some(&inks.bytes()[..]));
}

#[test]
fn pictures_differ_where_time_passes() {
    let (pictures, _, _) = recorded();
    assert!(pictures.windows(2).all(|pair| pair[0] != pair[1]));
}
