//! Checkpoints: any bytes, and contents that were never a training's under a checksum that is right.

use std::fs;
use std::sync::atomic::AtomicBool;

use gridworld::run::RunConfig;
use gridworld::run::checkpoint_file;
use gridworld_agents::Config;
use gridworld_agents::training::{CheckpointKind, Observer, Record, Trainer};
use gridworld_checkpoint::{Array, Checkpoint, Values};
use tch::Device;

use crate::mutation::Mutator;
use crate::runner::run;
use crate::texts::configurations;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Observer that keeps the last checkpoint.
#[derive(Default)]
struct Keeper(Checkpoint);

impl Observer for Keeper {
    fn seconds(&self) -> f64 {
        0.0
    }
    fn advance(&mut self, _steps: u64) {}
    fn record(&mut self, _record: &Record) -> Result<(), Failure> {
        Ok(())
    }
    fn save(&mut self, saved: CheckpointKind, checkpoint: &Checkpoint) -> Result<(), Failure> {
        if saved == CheckpointKind::Last {
            self.0 = checkpoint.clone();
        }
        Ok(())
    }
}

/// Gives the last checkpoint of a small training.
pub fn trained(config: &RunConfig) -> Checkpoint {
    let task = config.environment.task();
    let mut keeper = Keeper::default();
    let mut trainer = Trainer::new(task, &config.config, Device::Cpu).expect("a training");
    trainer.run(&mut keeper, &AtomicBool::new(false)).expect("nothing goes wrong");
    keeper.0
}

#[test]
fn checkpoint_bytes() {
    let checkpoints: Vec<Checkpoint> = configurations().iter().map(trained).collect();
    let files: Vec<Vec<u8>> = checkpoints.iter().map(|checkpoint| checkpoint.to_bytes().expect("bytes")).collect();
    let corpus: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("last.safetensors");
    run("checkpoint bytes", 2_000, |mutator| {
        let mut bytes = mutator.changed(&corpus, 1 << 20);
        if mutator.below(3) == 0 && bytes.len() > 8 {
            // The header is a small part: changes of it alone, too, and of its length.
            let end = bytes.len().min(4096);
            let header = mutator.changed(&[&bytes[8..end]], 8192);
            bytes.splice(8..end, header);
        }
        fs::write(&path, &bytes).expect("a file");
        match checkpoint_file::load(&path) {
            Ok(found) => {
                assert!(checkpoints.contains(&found), "what is accepted is what was written");
                true
            }
            Err(_) => false,
        }
    });
}

#[test]
fn checkpoint_contents() {
    let trainings: Vec<(RunConfig, Checkpoint)> =
        configurations().into_iter().map(|config| (config.clone(), trained(&config))).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("last.safetensors");
    run("checkpoint contents", 400, |mutator| {
        let (config, whole) = &trainings[mutator.below(trainings.len())];
        let mut checkpoint = whole.clone();
        for _ in 0..1 + mutator.below(3) {
            change(mutator, &mut checkpoint);
        }
        if checkpoint_file::save(&checkpoint, &path).is_err() {
            return false;
        }
        let loaded = checkpoint_file::load(&path).expect("its checksum is right");
        go_on(config, &loaded)
    });
}

/// Tells if a training goes on from the checkpoint; then it takes an update, which may fail in order.
fn go_on(config: &RunConfig, checkpoint: &Checkpoint) -> bool {
    let task = config.environment.task();
    let steps = checkpoint.field::<u64>("steps").unwrap_or(0);
    let mut further = Config::clone(&config.config);
    further.training.steps = steps.saturating_add(1).min(i64::MAX as u64);
    // Far enough away that only this one update and its evaluation are done.
    further.training.eval_interval = i64::MAX as u64;
    match Trainer::resume(task, &further, Device::Cpu, checkpoint) {
        Ok(mut trainer) => {
            let _ = trainer.run(&mut Keeper::default(), &AtomicBool::new(false));
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// Changes a tensor's numbers, shape, kind or name, or a field.
fn change(mutator: &mut Mutator, checkpoint: &mut Checkpoint) {
    let names: Vec<String> = checkpoint.tensors.keys().cloned().collect();
    // A worker's tensors are few, and the ones with meanings that can be wrong.
    let workers: Vec<&String> = names.iter().filter(|name| name.starts_with("worker")).collect();
    let name = match mutator.below(3) {
        0 => names[mutator.below(names.len())].clone(),
        _ if !workers.is_empty() => workers[mutator.below(workers.len())].clone(),
        _ => return,
    };
    match mutator.below(8) {
        0 => drop(checkpoint.tensors.remove(&name)),
        1 => {
            let array = checkpoint.tensors.remove(&name).expect("it is there");
            checkpoint.insert(format!("{name}0"), array);
        }
        2 => {
            let shape = [0, 1, 2, 3, 8].map(|n| n as usize)[..1 + mutator.below(4)].to_vec();
            let count = shape.iter().product();
            checkpoint.insert(name, Array::new(shape, vec![0_u64; count]));
        }
        3..=5 => {
            if let Some(array) = checkpoint.tensors.get_mut(&name) {
                spoil(mutator, &mut array.values);
            }
        }
        _ => {
            let text = serde_json::to_vec(&checkpoint.metadata).expect("JSON");
            if let Ok(metadata) = serde_json::from_slice(&mutator.changed(&[&text], 1 << 16)) {
                checkpoint.metadata = metadata;
            }
        }
    }
}

/// Puts a number into `values` that has no business there.
fn spoil(mutator: &mut Mutator, values: &mut Values) {
    if values.is_empty() {
        return;
    }
    let (at, word) = (mutator.below(values.len()), mutator.word());
    let word = match mutator.below(4) {
        0 => word,
        1 => word % 1000,
        2 => u64::MAX - word % 4,
        _ => 1 << (word % 64),
    };
    match values {
        Values::U8(numbers) => numbers[at] = word as u8,
        Values::U32(numbers) => numbers[at] = word as u32,
        Values::F32(numbers) => numbers[at] = f32::from_bits(word as u32),
        Values::F64(numbers) => numbers[at] = f64::from_bits(word),
        Values::I64(numbers) => numbers[at] = word as i64,
        Values::U64(numbers) => numbers[at] = word,
    }
}
