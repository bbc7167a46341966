//! One moment of an episode as a picture: the board, and beside it the clock, T, the counters, the outcome.

use gridworld_agents::evaluation::Picture;
use gridworld_envs::FrameShape;
use gridworld_figures::raster::{Area, Canvas, Colour, Palette, scale_for, text_height, text_width};
use gridworld_terminal::bars::range;

use crate::replay::episode_result::Timing;
use crate::replay::renderer::{Replay, busiest, unnamed};

/// Pixels of the picture for each pixel of the image.
const SCALE: usize = 5;
/// Pixels of the margin around everything.
const MARGIN: usize = 16;
/// Columns of the panel beside the board.
const PANEL: usize = 208;
/// Most counters that have a bar.
const MOST_BARS: usize = 8;

const PAPER: Colour = [24, 26, 30];
const TEXT: Colour = [236, 236, 236];
const FAINT: Colour = [120, 126, 136];
const GROOVE: Colour = [52, 56, 64];
/// Blue and orange of Okabe and Ito's palette, which the colour-blind tell apart.
const BLUE: Colour = [86, 180, 233];
const ORANGE: Colour = [230, 159, 0];

/// Painter of the moments of episodes.
pub struct Painter<'a> {
    shape: FrameShape,
    inks: Palette,
    render: &'a dyn Fn(&Picture, &mut [u8]),
}

/// More colours in the images than a palette holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the images have more colours than the 256 of a GIF's palette")]
pub struct TooManyColours;

impl<'a> Painter<'a> {
    /// A painter for the episodes of `replays`, whose images have `shape` and are drawn by `render`.
    pub fn new<'b>(
        shape: FrameShape,
        replays: impl IntoIterator<Item = &'b Replay>,
        render: &'a dyn Fn(&Picture, &mut [u8]),
    ) -> Result<Painter<'a>, TooManyColours> {
        let mut painter = Painter { shape, inks: Palette::default(), render };
        let mut add = |colour| painter.inks.add(colour).map(|_| ()).ok_or(TooManyColours);
        [PAPER, TEXT, FAINT, GROOVE, BLUE, ORANGE].into_iter().try_for_each(&mut add)?;
        let mut frames: Vec<Picture> = replays
            .into_iter()
            .flat_map(|replay| (0..=replay.record.steps()).map(|t| replay.record.picture(t)))
            .collect();
        frames.sort_unstable();
        frames.dedup();
        let mut pixels = vec![0; shape.bytes()];
        for frame in frames {
            render(&frame, &mut pixels);
            pixels.chunks_exact(shape.channels).map(colour).try_for_each(&mut add)?;
        }
        Ok(painter)
    }

    /// Gives the colours of every picture.
    pub fn inks(&self) -> &Palette {
        &self.inks
    }

    /// Gives the width and height of every picture in pixels.
    pub fn size(&self) -> (usize, usize) {
        let FrameShape { width, height, .. } = self.shape;
        (3 * MARGIN + SCALE * width + PANEL, 2 * MARGIN + SCALE * height)
    }

    /// Paints the moment of `replay` after `t` steps.
    pub fn picture(&self, replay: &Replay, t: usize) -> Canvas {
        let (width, height) = self.size();
        let mut canvas = Canvas::new(width, height, self.inks.number(PAPER));
        self.board(&mut canvas, &replay.record.picture(t));
        let x = 2 * MARGIN + SCALE * self.shape.width;
        let step = replay.choice.instruction;
        self.write(&mut canvas, &format!("T {step}"), (x, MARGIN), 4, TEXT);
        self.write(&mut canvas, &format!("STEP {t}"), (x, MARGIN + 40), 4, BLUE);
        self.clock(&mut canvas, replay, t, (x, MARGIN + 80));
        self.bars(&mut canvas, replay, t, (x, MARGIN + 106));
        if t >= replay.record.steps() {
            let headline = replay.ending.headline().to_uppercase();
            let colour = if replay.ending.timing == Timing::OnTime { BLUE } else { ORANGE };
            let y = height - MARGIN - text_height(scale_for(&headline, PANEL, 4));
            self.write(&mut canvas, &headline, (x, y), 4, colour);
        }
        canvas
    }

    /// Writes as large as fits the panel, at most `scale`.
    fn write(&self, canvas: &mut Canvas, text: &str, place: (usize, usize), scale: usize, colour: Colour) {
        canvas.write(text, place, scale_for(text, PANEL, scale), self.inks.number(colour));
    }

    fn board(&self, canvas: &mut Canvas, picture: &Picture) {
        let mut pixels = vec![0; self.shape.bytes()];
        (self.render)(picture, &mut pixels);
        for (index, pixel) in pixels.chunks_exact(self.shape.channels).enumerate() {
            let (x, y) = (index % self.shape.width, index / self.shape.width);
            let area = Area { x: MARGIN + SCALE * x, y: MARGIN + SCALE * y, width: SCALE, height: SCALE };
            canvas.fill(area, self.inks.number(colour(pixel)));
        }
    }

    /// A groove for the whole episode, filled up to now, with a mark at the step that is on time.
    fn clock(&self, canvas: &mut Canvas, replay: &Replay, t: usize, (x, y): (usize, usize)) {
        let limit = replay.time_limit.map_or(replay.record.steps(), |limit| limit as usize).max(1);
        let place = |time: usize| (time * PANEL / limit).min(PANEL);
        canvas.fill(Area { x, y: y + 4, width: PANEL, height: 8 }, self.inks.number(GROOVE));
        canvas.fill(Area { x, y: y + 4, width: place(t), height: 8 }, self.inks.number(BLUE));
        if let Some(due) = replay.due {
            let mark = x + place(due).saturating_sub(2);
            canvas.fill(Area { x: mark, y, width: 3, height: 16 }, self.inks.number(TEXT));
        }
    }

    /// The counters as bars from a middle line; without counters, the policy's probabilities.
    fn bars(&self, canvas: &mut Canvas, replay: &Replay, t: usize, (x, y): (usize, usize)) {
        let bars = bars(replay, t);
        let scale = 2;
        let letters = bars.iter().map(|bar| text_width(&bar.name, scale)).max().unwrap_or(0).min(PANEL / 2);
        let (left, room) = (x + letters + 10, PANEL - letters - 10);
        for (index, Bar { name, from, to }) in bars.into_iter().enumerate() {
            let y = y + index * (text_height(scale) + 3);
            let scale = scale_for(&name, letters, scale);
            canvas.write(&name, (x, y), scale, self.inks.number(TEXT));
            canvas.fill(Area { x: left, y: y + 1, width: room, height: 12 }, self.inks.number(GROOVE));
            let (from, to) = ((from * room as f32).round() as usize, (to * room as f32).round() as usize);
            let area = Area { x: left + from.min(to), y: y + 1, width: from.abs_diff(to), height: 12 };
            canvas.fill(area, self.inks.number(BLUE));
            // Where zero is, so that a counter is seen to arrive there.
            canvas.fill(Area { x: left + from, y, width: 2, height: 14 }, self.inks.number(FAINT));
        }
    }
}

fn colour(pixel: &[u8]) -> Colour {
    match *pixel {
        [red, green, blue] => [red, green, blue],
        _ => [pixel.first().copied().unwrap_or(0); 3],
    }
}

/// A bar between two shares of its groove.
struct Bar {
    name: String,
    from: f32,
    to: f32,
}

/// Gives the bars of a moment: up to [`MOST_BARS`] counters, each scaled by its greatest size in the episode.
fn bars(replay: &Replay, t: usize) -> Vec<Bar> {
    let Some(activations) = replay.activations(t) else { return Vec::new() };
    if activations.n.is_empty() {
        let names = replay.actions.iter().map(|name| name.to_uppercase());
        let bar = |(name, to)| Bar { name, from: 0.0, to };
        return names.zip(activations.probabilities()).map(bar).collect();
    }
    let mut shown = busiest(&replay.record, |activations| &activations.read);
    shown.truncate(MOST_BARS);
    shown.sort_unstable();
    let bar = |unit: usize| {
        let (low, high) = range(replay.activations_until(usize::MAX - 1).map(|activations| activations.n[unit]));
        let greatest = low.abs().max(high.abs());
        let share = if greatest > 0.0 { activations.n[unit] / greatest } else { 0.0 };
        let name = replay.counters.get(unit).cloned().unwrap_or_else(|| unnamed(unit));
        Bar { name, from: 0.5, to: 0.5 + share / 2.0 }
    };
    shown.into_iter().map(bar).collect()
}
