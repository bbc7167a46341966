//! `gridworld record`: episodes as an animated GIF.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use gridworld_envs::{Instructions, Registry};
use serde_json::json;

use crate::options::arguments::whole;
use crate::options::player::PlayerArguments;
use crate::replay::animation::{Animated, animated};
use crate::replay::renderer::{Renderer, Replay};
use gridworld_figures::raster::png;
use gridworld_terminal::output::{self, Format, OutputFile, folder, write_file};
use gridworld_terminal::program::{CliError, message, shell};

/// Arguments of `record`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    player: PlayerArguments,
    /// Values of T, one episode each
    #[arg(long = "T", value_name = "LIST", default_value = "5,12,19", allow_hyphen_values = true)]
    instructions: Instructions,
    /// GIF file to write; an existing file is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Also write each frame to this folder, as T00012-t0003.png
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    frames: Option<PathBuf>,
    /// Milliseconds per step, in tens
    #[arg(long, value_name = "MS", value_parser = whole::<u16>(20..=10_000), default_value_t = 250)]
    delay: u16,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld record runs/mine --T 5,12,19 --out walk.gif
  gridworld record runs/mine --T 15 --seed 3 --delay 150 --out walk.gif
  gridworld record oracle --env IntervalReproduction-v1 --T 4 --out interval.gif
  gridworld record runs/mine --T 12 --out walk.gif --frames walk

Left: the board, as the agent sees it. Right: T, the steps taken, and below them a bar that is full at the time limit, with \
a white mark at the step that is on time. Bars from a middle line are counters, each scaled to its largest value in the \
episode (at most 8 counters, those that change most); an agent without counters has the probabilities of its actions \
there. The last picture says how the episode ended, in blue if it was on time.";

/// Runs the command `record`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let out = OutputFile::new("--out", &arguments.out, Format::Gif)?;
    out.share_with_json(arguments.json)?;
    // The folder is made if only itself is missing.
    let create = |path: &Path| if path.is_dir() { Ok(()) } else { fs::create_dir(path) };
    let frames = arguments.frames.as_deref().map(|path| folder::ready("--frames", path, create)).transpose()?;
    let renderer = Renderer::new(arguments.player.find(registry)?, &arguments.player.checkpoint);
    let values = arguments.instructions.values();
    let replays =
        values.iter().map(|&value| renderer.replays(value, 0, 1)).collect::<Result<Vec<_>, CliError>>()?.concat();
    let animated = animated(&renderer, &replays, arguments.delay, |replay, t, picture, inks| match frames {
        Some(folder) => {
            let name = format!("T{:05}-t{t:04}.png", replay.choice.instruction);
            write_file(&folder.join(name), &png(picture, inks).map_err(CliError::failed)?)
        }
        None => Ok(()),
    })?;
    out.write(&animated.bytes)?;
    tell(arguments, &out, &renderer, &replays, &animated)
}

fn tell(
    arguments: &Arguments,
    out: &OutputFile,
    renderer: &Renderer,
    replays: &[Replay],
    animated: &Animated,
) -> Result<(), CliError> {
    let ((width, height), count, bytes) = (animated.size, animated.frames, animated.bytes.len());
    if arguments.json {
        let episode = |replay: &Replay| json!({"T": replay.choice.instruction, "steps": replay.record.steps(), "end": replay.ending.headline()});
        return output::print_json(&json!({
            "out": arguments.out.to_string_lossy(),
            "bytes": bytes,
            "width": width,
            "height": height,
            "frames": count,
            "frames_folder": arguments.frames.as_deref().map(Path::to_string_lossy),
            "episodes": replays.iter().map(episode).collect::<Vec<_>>(),
        }));
    }
    let timing = renderer.player().environment.description().timing;
    let mut text: String = replays.iter().map(|replay| replay.ending.line(timing) + "\n").collect();
    let size = bytes.div_ceil(1024);
    text += &format!("{}: {count} frames of {width}×{height} pixels, {size} KiB\n", message::shown(&arguments.out));
    if let Some(folder) = &arguments.frames {
        text += &format!("{}: the same frames as {count} PNG files\n", message::shown(folder));
    }
    out.print_beside(&text)?;
    if let Some(trained) = &renderer.player().trained {
        message::suggest(&shell::command_on("report", trained.folder.path(), "--out report.html"));
    }
    Ok(())
}
