//! The contract of `record`.

use std::fs;
use std::path::Path;

use crate::support::{json, run, stderr, tiny_run};

/// Width, height and number of frames of a GIF, each of which must decode.
fn decoded(path: &Path) -> (u16, u16, usize) {
    let file = fs::File::open(path).expect("a file");
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut decoder = options.read_info(file).expect("a GIF");
    let mut frames = 0;
    while decoder.read_next_frame().expect("a frame").is_some() {
        frames += 1;
    }
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    (decoder.width(), decoder.height(), frames)
}

#[test]
fn a_picture_for_each_step_of_each_t() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (out, frames) = (folder.path().join("walk.gif"), folder.path().join("frames"));
    let (out_name, frames_name) = (out.to_str().expect("UTF-8"), frames.to_str().expect("UTF-8"));
    fs::write(&out, "replaced").expect("a file");
    let run_folder = tiny_run().to_str().expect("UTF-8");
    let flags = ["record", run_folder, "--T", "5,9", "--seed", "2", "--out", out_name, "--json"];
    let document = json(&[&flags[..], &["--frames", frames_name]].concat());
    let watched = json(&["watch", run_folder, "--T", "5,9", "--seed", "2", "--json"]);
    let steps: Vec<usize> = watched["episodes"]
        .as_array()
        .expect("episodes")
        .iter()
        .map(|episode| episode["steps"].as_array().expect("steps").len())
        .collect();
    let pictures = steps.iter().map(|steps| steps + 1).sum::<usize>();
    // The image five times as large, a panel, and a margin around each.
    assert_eq!(decoded(&out), (3 * 16 + 5 * 56 + 208, 2 * 16 + 5 * 56, pictures));
    assert_eq!((&document["frames"], &document["width"]), (&pictures.into(), &536.into()));
    assert_eq!(document["bytes"].as_u64(), Some(fs::metadata(&out).expect("a file").len()));
    let mut names: Vec<_> =
        fs::read_dir(&frames).expect("frames").map(|entry| entry.expect("a file").file_name()).collect();
    names.sort();
    assert_eq!((names.len(), names[0].to_str()), (pictures, Some("T00005-t0000.png")));
    let png = fs::read(frames.join(&names[0])).expect("a frame");
    assert!(png.starts_with(b"\x89PNG"));
    let first = fs::read(&out).expect("a file");
    json(&flags);
    assert_eq!(fs::read(&out).expect("a file"), first, "a second recording differs");
}

#[test]
fn what_was_written_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("interval.gif");
    let out_name = out.to_str().expect("UTF-8");
    let flags = ["record", "oracle", "--env", "IntervalReproduction-v1", "--T", "3", "--out", out_name];
    let output = run(&flags);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("on time: response 3, T = 3") && text.contains(out_name) && text.contains("KiB"), "{text}");
    assert!(decoded(&out).2 > 6);
}
