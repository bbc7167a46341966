//! Tests of runs while things go wrong around them.

mod at_once;
mod disk;
mod kills;
mod lacking;
mod signals;
mod starts;

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Flags of a training with a checkpoint every few milliseconds.
const BUSY: &[&str] =
    &["--envs", "16", "--hidden", "8", "--features", "8", "--eval-interval", "2000", "--eval-episodes", "1", "--quiet"];

/// Starts the training `runs/name` of `steps` steps with the flags `more`, among them the mode.
fn start(runs: &Path, name: &str, steps: &str, more: &[&str]) -> Child {
    spawn(
        crate::support::program()
            .args(["train", "--name", name, "--steps", steps, "--runs"])
            .arg(runs)
            .args(BUSY)
            .args(more),
    )
}

/// Starts a training again where it stopped.
fn resume(run: &Path, more: &[&str]) -> Child {
    spawn(crate::support::program().args(["train", "--quiet", "--resume"]).arg(run).args(more))
}

fn spawn(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn ended(child: Child) -> Output {
    child.wait_with_output().expect("the program ends")
}

/// Waits until `condition` holds, a minute at most.
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "waited for a minute: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until the training has recorded something.
fn wait_for_records(run: &Path) {
    wait_until("the training records nothing", || {
        std::fs::metadata(run.join("metrics.jsonl")).is_ok_and(|file| file.len() > 0)
    });
}
