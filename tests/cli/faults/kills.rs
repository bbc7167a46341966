//! Trainings that are killed, again and again, at any moment and in the middle of a checkpoint.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant, UNIX_EPOCH};

use gridworld::run::checkpoint_file;
use gridworld_records::read_metrics;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::{ended, resume, start};
use crate::support::{metrics, stderr};
use crate::tensorboard::assert_the_reader_agrees;

const STEPS: &str = "60000";
const STAGES: [&str; 4] = ["half-written", "written", "synced", "renamed"];
/// Most times that a training comes to such a stage before it is killed there.
const PASSES: u64 = 9;
/// Milliseconds after which the other kills come: starting takes about half a second.
const DELAY: std::ops::Range<u64> = 200..1_400;

/// Counts of the kills and of their effects.
#[derive(Debug, Default)]
struct Counts {
    kills: u32,
    /// Kills in the middle of a checkpoint, at a stage that the test chose.
    at_a_stage: u32,
    /// Kills that left a temporary file.
    leftovers: u32,
    /// Kills before there was anything to go on from.
    before_the_run: u32,
    /// Trainings that came to their end.
    trainings: u32,
}

/// Way of a process to die.
enum Death {
    Stage(String),
    After(Duration),
}

impl Death {
    fn draw(rng: &mut ChaCha8Rng) -> Death {
        if rng.random_bool(0.5) {
            let stage = STAGES[rng.random_range(0..STAGES.len())];
            Death::Stage(format!("{stage}:{}", rng.random_range(1..=PASSES)))
        } else {
            Death::After(Duration::from_millis(rng.random_range(DELAY)))
        }
    }
}

/// A training and what is known of it from its files.
struct Training {
    runs: PathBuf,
    flags: Vec<String>,
    run: PathBuf,
    /// Steps of `last` and of `best`, as far as they were seen.
    seen: [Option<u64>; 2],
}

impl Training {
    fn new(runs: &Path, name: &str, flags: &[&str]) -> Training {
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Training { runs: runs.to_owned(), flags, run: runs.join(name), seen: [None; 2] }
    }

    /// Starts it, or goes on with it where there is something to go on from.
    fn process(&self, more: &[(&str, &str)]) -> Child {
        let name = self.run.file_name().expect("a name").to_str().expect("UTF-8");
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        // The children are spawned one after the other in this thread; the variable is theirs alone.
        let mut command = crate::support::program();
        command.envs(more.iter().copied());
        if self.run.join("config.json").exists() {
            super::spawn(command.args(["train", "--quiet", "--resume"]).arg(&self.run))
        } else {
            let _ = fs::remove_dir_all(&self.run);
            let command = command.args(["train", "--name", name, "--steps", STEPS, "--runs"]).arg(&self.runs);
            super::spawn(command.args(super::BUSY).args(flags))
        }
    }

    /// Lets it run until `death`; says whether it was killed and not finished.
    fn live(&self, death: &Death) -> bool {
        let mut child = match death {
            Death::Stage(fault) => self.process(&[("GRIDWORLD_FAULT", fault)]),
            Death::After(_) => self.process(&[]),
        };
        if let Death::After(delay) = death {
            let deadline = Instant::now() + *delay;
            while Instant::now() < deadline && child.try_wait().expect("it is ours").is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            child.kill().expect("it is ours");
        }
        let output = ended(child);
        let killed = output.status.signal() == Some(9);
        assert!(killed || output.status.success(), "{}: {}", output.status, stderr(&output));
        killed
    }

    /// Fails if anything that was there is lost, torn, or older than it was.
    fn examine(&mut self, counts: &mut Counts) {
        if !self.run.join("config.json").exists() {
            counts.before_the_run += 1;
            assert_eq!(self.seen, [None; 2], "config.json is lost");
            return;
        }
        let config = fs::read(self.run.join("config.json")).expect("config.json");
        serde_json::from_slice::<Value>(&config).expect("config.json is whole");
        for (name, seen) in ["last", "best"].iter().zip(&mut self.seen) {
            let path = self.run.join(format!("checkpoints/{name}.safetensors"));
            if seen.is_none() && !path.exists() {
                continue;
            }
            let checkpoint = checkpoint_file::load(&path).unwrap_or_else(|error| panic!("{name} is lost: {error}"));
            let steps = checkpoint.field("steps").expect("steps");
            assert!(seen.is_none_or(|seen| seen <= steps), "{name} was at {seen:?} and is at {steps}");
            *seen = Some(steps);
        }
        if self.run.join("metrics.jsonl").exists() {
            read_metrics(&self.run.join("metrics.jsonl")).expect("metrics.jsonl is whole, but for its end");
        }
        counts.leftovers += u32::from(!self.leftovers().is_empty());
    }

    fn leftovers(&self) -> Vec<PathBuf> {
        let folders = [self.run.clone(), self.run.join("checkpoints")];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
        entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension() == Some("tmp".as_ref()))
            .collect()
    }

    /// Tells if there is nothing left to do: also a process that has saved its last step can still be killed.
    fn is_finished(&self) -> bool {
        let last = checkpoint_file::load(&self.run.join("checkpoints/last.safetensors"));
        last.is_ok_and(|last| last.field::<u64>("steps").expect("steps") >= 60_000)
    }

    fn checkpoint(&self, name: &str) -> Vec<u8> {
        fs::read(self.run.join(format!("checkpoints/{name}.safetensors"))).expect("a checkpoint")
    }

    /// Reads the records without the numbers of a clock.
    fn records(&self) -> Vec<Value> {
        let mut lines = metrics(&self.run);
        for line in &mut lines {
            let line = line.as_object_mut().expect("an object");
            assert!(line.remove("seconds").is_some());
            line.remove("charts/SPS");
        }
        lines
    }
}

/// Trains `agent` once without a kill, and then with kills until there were `wanted` or it has come to its end.
fn kill(agent: &str, mode: &str, wanted: u32, whole: &Training, rng: &mut ChaCha8Rng, counts: &mut Counts) {
    let mut parts =
        Training::new(&whole.runs, &format!("parts{}", counts.trainings), &["--agent", agent, "--mode", mode]);
    while counts.kills < wanted && !parts.is_finished() {
        let death = Death::draw(rng);
        if !parts.live(&death) {
            break;
        }
        counts.kills += 1;
        counts.at_a_stage += u32::from(matches!(death, Death::Stage(_)));
        parts.examine(counts);
    }
    if !parts.is_finished() {
        let output = ended(parts.process(&[]));
        assert!(output.status.success(), "{}", stderr(&output));
    }
    counts.trainings += 1;
    assert_eq!(parts.leftovers(), <[PathBuf; 0]>::default(), "temporary files stay");
    let steps: Vec<u64> = metrics(&parts.run).iter().map(|line| line["step"].as_u64().expect("a step")).collect();
    assert!(steps.is_sorted() && steps.last().is_some_and(|&step| step >= 60_000), "{steps:?}");
    if mode == "sync" {
        for name in ["last", "best"] {
            assert!(whole.checkpoint(name) == parts.checkpoint(name), "{agent}: {name} differs");
        }
        assert!(whole.records() == parts.records(), "{agent}: the records differ");
    }
    assert_the_reader_agrees(&parts.run);
}

fn kill_many(wanted: u32, agents: &[(&str, &str)]) {
    let given =
        std::env::var("GRIDWORLD_FAULT_SEED").ok().map(|seed| seed.parse().expect("GRIDWORLD_FAULT_SEED: a number"));
    let seed: u64 = given.unwrap_or_else(|| UNIX_EPOCH.elapsed().expect("a clock").subsec_nanos().into());
    println!("GRIDWORLD_FAULT_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut counts = Counts::default();
    let whole: Vec<Training> = agents
        .iter()
        .map(|(agent, mode)| {
            let (name, flags) = (format!("{agent}-{mode}"), ["--agent", agent, "--mode", mode]);
            let output = ended(start(folder.path(), &name, STEPS, &flags));
            assert!(output.status.success(), "{}", stderr(&output));
            Training::new(folder.path(), &name, &flags)
        })
        .collect();
    while counts.kills < wanted {
        for ((agent, mode), whole) in agents.iter().zip(&whole) {
            kill(agent, mode, wanted, whole, &mut rng, &mut counts);
        }
    }
    println!("{} kills survived of {} tried: {counts:?}", counts.kills, counts.kills);
    assert!(counts.at_a_stage > 0 && counts.kills > counts.at_a_stage, "one kind of kill is missing: {counts:?}");
}

/// Short form of the next test.
#[test]
fn a_killed_training_goes_on_as_if_nothing_had_happened() {
    kill_many(10, &[("lstm-nau", "sync")]);
}

#[test]
#[ignore = "takes minutes: make test-faults"]
fn two_hundred_kills_lose_nothing() {
    kill_many(
        200,
        &[("lstm", "sync"), ("lstm-nac", "sync"), ("lstm-nau", "sync"), ("lstm-nalu", "sync"), ("lstm-nac", "async")],
    );
}

/// Tests that a run begins anew if its training is killed before it has a checkpoint.
#[test]
fn a_run_without_a_checkpoint_begins_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let training = Training::new(folder.path(), "early", &[]);
    assert!(training.live(&Death::Stage("written:1".to_owned())));
    assert!(!training.run.join("checkpoints/last.safetensors").exists() && training.leftovers().len() == 1);
    let output = ended(resume(&training.run, &["--steps", "2000"]));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(training.leftovers().is_empty());
    let commands = fs::read_to_string(training.run.join("config.json")).expect("config.json");
    assert!(commands.contains("--resume"), "{commands}");

    // Where there are records, the checkpoint was taken away: beginning anew would take away the rest.
    fs::remove_file(training.run.join("checkpoints/last.safetensors")).expect("it was there");
    let output = ended(resume(&training.run, &[]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("last.safetensors"), "{}", stderr(&output));
}
