//! A training as a checkpoint, and back.

use super::hub::Shared;
use super::progress::Progress;
use super::worker::WorkerState;
use super::{TrainError, Worker};
use crate::config::Config;
use crate::model::Model;
use crate::unroll::CoreState;
use gridworld_checkpoint::{Array, Checkpoint, CheckpointError};

/// The names of a worker's tensors, after its own; that of the phases comes where the agent has any.
const WORKER: [&str; 8] = ["environment", "core.h", "core.c", "core.n", "first", "returns", "frames", "time"];

/// Writes everything that the training depends on.
pub fn save(config: &Config, model: &Model, shared: &Shared, workers: &[Worker], progress: &Progress) -> Checkpoint {
    let mut checkpoint = Checkpoint::default();
    insert_vector(&mut checkpoint, "model", model, &shared.parameters);
    for (moment, values) in shared.optimizer.state() {
        insert_vector(&mut checkpoint, &format!("optimizer.{moment}"), model, values);
    }
    for (index, worker) in workers.iter().enumerate() {
        let state = worker.save();
        let mut insert = |name: &str, array: Array| checkpoint.insert(format!("worker{index}.{name}"), array);
        let lanes = state.first.len();
        insert("environment", Array::flat(state.environment));
        insert("core.h", Array::new([lanes, state.core.h.len() / lanes], state.core.h));
        insert("core.c", Array::new([lanes, state.core.c.len() / lanes], state.core.c));
        insert("core.n", Array::new([lanes, state.core.n.len() / lanes], state.core.n));
        insert("first", Array::flat(state.first));
        if !state.phases.is_empty() {
            insert("phases", Array::flat(state.phases));
        }
        insert("returns", Array::flat(state.returns));
        insert("frames", Array::flat(state.frames));
        insert("time", Array::flat(vec![state.time]));
    }
    let fields = [
        ("version", serde_json::to_value(env!("CARGO_PKG_VERSION"))),
        ("config", serde_json::to_value(config)),
        ("steps", serde_json::to_value(shared.steps)),
        ("updates", serde_json::to_value(shared.optimizer.updates())),
        ("progress", serde_json::to_value(progress)),
        ("rollbacks", serde_json::to_value(shared.rollbacks)),
    ];
    for (name, value) in fields {
        checkpoint.metadata.insert(name.to_owned(), value.expect("plain data has a JSON form"));
    }
    checkpoint
}

/// Goes on from a checkpoint that [`save`] wrote for the same configuration.
pub fn restore(
    checkpoint: &Checkpoint,
    config: &Config,
    model: &Model,
    shared: &mut Shared,
    workers: &mut [Worker],
) -> Result<Progress, TrainError> {
    same_training(&checkpoint.field("config")?, config)?;
    let parameters = model.layout().parameters();
    let moments = shared.optimizer.state().map(|(moment, _)| format!("optimizer.{moment}"));
    let of_parameters = moments.chain(["model".to_owned()]);
    let parts = || WORKER.into_iter().chain(model.heads().phases.then_some("phases"));
    let of_workers = (0..workers.len()).flat_map(|index| parts().map(move |part| format!("worker{index}.{part}")));
    let names: Vec<String> = of_parameters
        .flat_map(|prefix| parameters.iter().map(move |p| format!("{prefix}.{}", p.name)))
        .chain(of_workers)
        .collect();
    // Both ways: a tensor that nobody asks for, as a worker more than there are, is left behind unnoticed.
    checkpoint.expect_names("", &names)?;
    shared.parameters.copy_(&tch::Tensor::from_slice(&model_parameters(checkpoint, model)?));
    let updates = counted(checkpoint, "updates")?;
    shared.optimizer.restore(updates, |moment| vector(checkpoint, &format!("optimizer.{moment}"), model))?;
    shared.steps = counted(checkpoint, "steps")?;
    // Checkpoints from before there were rollbacks do not count them.
    shared.rollbacks = if checkpoint.metadata.contains_key("rollbacks") { checkpoint.field("rollbacks")? } else { 0 };
    for (index, worker) in workers.iter_mut().enumerate() {
        let state = worker_state(checkpoint, index, &worker.save(), config.model.phases)?;
        worker.restore(&state)?;
    }
    Ok(checkpoint.field("progress")?)
}

/// The model's parameters in a checkpoint, as one vector; surplus and missing ones are errors.
///
/// # Errors
/// If a tensor of the model is missing, surplus, of another shape, or not finite.
pub fn model_parameters(checkpoint: &Checkpoint, model: &Model) -> Result<Vec<f32>, CheckpointError> {
    let names: Vec<String> = model.layout().parameters().iter().map(|p| format!("model.{}", p.name)).collect();
    checkpoint.expect_names("model.", &names)?;
    vector(checkpoint, "model", model)
}

/// The parts of a vector that is laid out like the parameters, each under its name.
fn insert_vector(checkpoint: &mut Checkpoint, prefix: &str, model: &Model, vector: &tch::Tensor) {
    let vector = vector.to_device(tch::Device::Cpu);
    let mut values = vec![0.0_f32; vector.numel()];
    vector.copy_data(&mut values, vector.numel());
    for parameter in model.layout().parameters() {
        let part = values[parameter.offset..][..parameter.len()].to_vec();
        let shape: Vec<usize> = parameter.shape.iter().map(|&n| n as usize).collect();
        checkpoint.insert(format!("{prefix}.{}", parameter.name), Array::new(shape, part));
    }
}

/// Fails if a checkpoint made with `made` cannot go on under `config`: shapes tell two agents apart only if they
/// differ in size, and the random streams follow from the seed.
fn same_training(made: &Config, config: &Config) -> Result<(), CheckpointError> {
    let other = |what: &'static str, found: String| Err(CheckpointError::OtherTraining { what, found });
    if made.agent != config.agent {
        return other("agent", made.agent.to_string());
    }
    if made.model != config.model {
        return other("network", made.model.differences(&config.model));
    }
    if made.training.seed != config.training.seed {
        return other("seed", made.training.seed.to_string());
    }
    Ok(())
}

/// Reads a count, which has room to grow.
fn counted(checkpoint: &Checkpoint, field: &str) -> Result<u64, CheckpointError> {
    let count: u64 = checkpoint.field(field)?;
    if count <= 1 << 62 { Ok(count) } else { Err(CheckpointError::Number { name: field.to_owned() }) }
}

/// The numbers of a tensor, which must all be finite.
fn finite<'a>(checkpoint: &'a Checkpoint, name: &str, shape: &[usize]) -> Result<&'a [f32], CheckpointError> {
    let numbers = checkpoint.f32(name, shape)?;
    if numbers.iter().all(|number| number.is_finite()) {
        return Ok(numbers);
    }
    Err(CheckpointError::Number { name: name.to_owned() })
}

fn vector(checkpoint: &Checkpoint, prefix: &str, model: &Model) -> Result<Vec<f32>, CheckpointError> {
    let mut values = Vec::with_capacity(model.layout().len());
    for parameter in model.layout().parameters() {
        let shape: Vec<usize> = parameter.shape.iter().map(|&n| n as usize).collect();
        values.extend_from_slice(finite(checkpoint, &format!("{prefix}.{}", parameter.name), &shape)?);
    }
    Ok(values)
}

/// Worker `index`'s state, of an agent with so many phases; `like` is a fresh one, for the sizes.
fn worker_state(
    checkpoint: &Checkpoint,
    index: usize,
    like: &WorkerState,
    phases: usize,
) -> Result<WorkerState, CheckpointError> {
    let name = |part: &str| format!("worker{index}.{part}");
    let lanes = like.first.len();
    let core = |part: &str, size: usize| -> Result<Vec<f32>, CheckpointError> {
        Ok(finite(checkpoint, &name(part), &[lanes, size / lanes])?.to_vec())
    };
    // The environment's words and the table's length are not fixed by the configuration.
    let words = |part: &str| -> Result<Vec<u64>, CheckpointError> {
        let length = checkpoint.array(&name(part))?.values.len();
        Ok(checkpoint.u64(&name(part), &[length])?.to_vec())
    };
    Ok(WorkerState {
        environment: words("environment")?,
        core: CoreState {
            h: core("core.h", like.core.h.len())?,
            c: core("core.c", like.core.c.len())?,
            n: core("core.n", like.core.n.len())?,
        },
        first: checkpoint.u8(&name("first"), &[lanes])?.to_vec(),
        phases: match like.phases.as_slice() {
            [] => Vec::new(),
            _ => match checkpoint.u8(&name("phases"), &[lanes])? {
                now if now.iter().all(|&phase| usize::from(phase) < phases) => now.to_vec(),
                _ => return Err(CheckpointError::Number { name: name("phases") }),
            },
        },
        returns: finite(checkpoint, &name("returns"), &[lanes])?.to_vec(),
        frames: words("frames")?,
        time: match checkpoint.u64(&name("time"), &[1])?[0] {
            time if time < 1 << 40 => time,
            _ => return Err(CheckpointError::Number { name: name("time") }),
        },
    })
}
