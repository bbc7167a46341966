//! The fused unroll, with its derivative by hand, against the plain one, which libtorch
//! differentiates: outputs, peeked values, states and gradients, for every core.

use gridworld_agents::cells::{Cell, Output};
use gridworld_agents::cores::CoreName;
use gridworld_agents::unroll::{CoreState, Fused, Input, Plain, Sizes, Unroll};
use gridworld_agents::{AgentName, FeedbackInput, InstructionInput, LoopConfig, Model, ModelConfig, Read, Weights};
use gridworld_envs::{FrameShape, Spec};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use tch::{Device, Kind, Tensor};

fn spec() -> Spec {
    Spec::new("Test-v1", FrameShape { height: 56, width: 56, channels: 3 }, ["up", "down", "left", "right", "pass"])
}

/// Counts of lanes: within one block of the fused unroll, and over two.
const LANES: [usize; 2] = [7, 300];
const STEPS: usize = 5;
const FRAMES: usize = 11;
const PHASES: usize = 3;

/// Inputs that both unrolls are shown.
struct Script {
    rows: Vec<u32>,
    instructions: Vec<f32>,
    first: Vec<bool>,
    phases: Vec<u8>,
    gradient: Vec<f32>,
    state: CoreState,
}

/// Outputs, state and gradients of an unroll.
#[derive(Debug)]
struct Result {
    outputs: Vec<f32>,
    peeked: Vec<f32>,
    state: CoreState,
    gradients: Vec<Tensor>,
}

fn model(core: CoreName, told: InstructionInput, feedback: Option<LoopConfig>) -> Model {
    let phases = if feedback.is_some_and(|looped| looped.reading == FeedbackInput::Phases) { PHASES } else { 1 };
    Model::new(&ModelConfig { core, told, feedback, phases, hidden: 12, ..ModelConfig::of(AgentName::Lstm) }, &spec())
}

fn script(sizes: &Sizes, rng: &mut ChaCha8Rng) -> Script {
    let lanes = sizes.lanes;
    let mut numbers = |count: usize, scale: f32| -> Vec<f32> {
        (0..count).map(|_| (rng.random::<f32>() * 2.0 - 1.0) * scale).collect()
    };
    let state = CoreState {
        h: numbers(lanes * sizes.hidden, 1.0),
        c: numbers(lanes * sizes.memory, 2.0),
        n: numbers(lanes * sizes.units, 3.0),
    };
    let gradient = numbers(STEPS * lanes * sizes.outputs, 1.0);
    let instructions = numbers(STEPS * lanes, 12.0);
    let rows = (0..STEPS * lanes).map(|_| rng.random_range(0..FRAMES as u32)).collect();
    let phases = (0..STEPS * lanes).map(|_| rng.random_range(0..=sizes.phases as u8)).collect();
    // Episodes begin in the first, a middle and the last step, in some lanes and not in others.
    let first =
        (0..STEPS * lanes).map(|i| matches!((i / lanes, i % lanes), (0, 0 | 3) | (2, 1 | 3) | (4, 2 | 3))).collect();
    Script { rows, instructions, first, phases, gradient, state }
}

/// Makes weights as leaves, so that the gradients that reach them can be read off.
fn weights(sizes: &Sizes, gates: usize, inputs: usize, matrices: usize, seed: i64) -> Vec<Tensor> {
    tch::manual_seed(seed);
    let leaf = |rows: usize, columns: usize, scale: f64| {
        (Tensor::randn([rows as i64, columns as i64], (Kind::Float, Device::Cpu)) * scale).set_requires_grad(true)
    };
    let bias = (Tensor::randn([sizes.outputs as i64], (Kind::Float, Device::Cpu)) * 0.1).set_requires_grad(true);
    let core = [
        leaf(FRAMES, gates, 1.0),
        leaf(gates, sizes.read(), 0.3),
        (Tensor::randn([gates as i64], (Kind::Float, Device::Cpu)) * 0.3).set_requires_grad(true),
    ];
    let looped = (0..matrices).map(|_| leaf(sizes.units, inputs, 0.2));
    core.into_iter().chain(looped).chain([leaf(sizes.outputs, sizes.hidden, 0.5), bias]).collect()
}

/// Gives the number of effective weights of a cell.
fn effective(cell: Cell) -> usize {
    let parameters: Vec<Tensor> =
        cell.about().parameters.iter().map(|_| Tensor::zeros([1, 1], (Kind::Float, Device::Cpu))).collect();
    (cell.weights)(&parameters.iter().collect::<Vec<_>>()).len()
}

fn play(unroll: &mut dyn Unroll, sizes: &Sizes, leaves: &[Tensor], script: &Script) -> Result {
    for leaf in leaves {
        let mut gradient = leaf.grad();
        if gradient.defined() {
            let _ = gradient.zero_();
        }
    }
    let [table, recurrent, instruction, feedback @ .., heads, heads_bias] = leaves else { panic!("{leaves:?}") };
    // The last rows come in the middle of the rollout, as new frames do.
    let early = table.narrow(0, 0, FRAMES as i64 - 2);
    unroll.set_state(&script.state);
    unroll.load(Weights {
        table: early,
        recurrent: recurrent.shallow_clone(),
        instruction: instruction.shallow_clone(),
        feedback: feedback.iter().map(Tensor::shallow_clone).collect(),
        heads: heads.shallow_clone(),
        heads_bias: heads_bias.shallow_clone(),
    });
    let mut outputs = Vec::new();
    for t in 0..STEPS {
        if t == 1 {
            unroll.extend(table.narrow(0, FRAMES as i64 - 2, 2));
        }
        let range = t * sizes.lanes..(t + 1) * sizes.lanes;
        let rows: Vec<u32> = script.rows[range.clone()]
            .iter()
            .map(|&row| if t == 0 { row.min(FRAMES as u32 - 3) } else { row })
            .collect();
        let instructions = &script.instructions[range.clone()];
        let (first, phases) = (&script.first[range.clone()], &script.phases[range]);
        let input = Input { rows: &rows, instructions, first, phases };
        outputs.extend_from_slice(unroll.step(input));
    }
    let phases = [0, sizes.phases as u8, u8::from(sizes.phases > 0)];
    let first = [false, true, false];
    let input = Input { rows: &[1, 10, 4], instructions: &[5.0, -1.0, 7.5], first: &first, phases: &phases };
    let peeked = unroll.peek(&[6, 0, 2], input);
    let state = unroll.state();
    unroll.backward(&script.gradient);
    unroll.rewind();
    assert_eq!(unroll.state(), state, "rewinding keeps the state");
    let gradients = leaves.iter().map(|leaf| {
        let gradient = leaf.grad();
        if gradient.defined() { gradient.copy() } else { leaf.zeros_like() }
    });
    Result { outputs, peeked, state, gradients: gradients.collect() }
}

/// Reference that a difference is measured against.
#[derive(Clone, Copy)]
enum Against {
    Itself,
    /// The greatest number of all: for a sum of terms far greater than itself.
    Greatest,
}

fn close(name: &str, a: &[f32], b: &[f32], tolerance: f32, against: Against) {
    assert_eq!(a.len(), b.len(), "{name}");
    let greatest = b.iter().fold(0.0_f32, |greatest, b| greatest.max(b.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let size = match against {
            Against::Itself => b.abs(),
            Against::Greatest => greatest,
        };
        assert!((a - b).abs() <= tolerance * (1.0 + size), "{name}[{i}]: fused {a}, plain {b}");
    }
}

/// A core, the steps in which it is shown T, and the loop beside it.
type Case = (CoreName, InstructionInput, Option<LoopConfig>);

/// Gives every core alone and with every loop, the LSTM with every reading of each cell.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for core in CoreName::ALL {
        cases.extend(
            [InstructionInput::Always, InstructionInput::Start, InstructionInput::Never].map(|told| (core, told, None)),
        );
        for &cell in Cell::ALL {
            let looped = |reading| {
                Some(LoopConfig { cell, reading, units: 3, gain: 0.3, read: Read::Tanh, bits: 2, bit_gradient: 0.3 })
            };
            let is_read = |reading: &FeedbackInput| {
                core == CoreName::Lstm || cell == Cell::Nac || *reading == FeedbackInput::Recurrent
            };
            let readings = FeedbackInput::ALL.into_iter().filter(is_read);
            cases.extend(readings.map(|reading| (core, InstructionInput::Always, looped(reading))));
            cases.push((core, InstructionInput::Never, looped(FeedbackInput::Additive)));
            if cell == Cell::Nac {
                let linear = |reading| looped(reading).map(|looped| LoopConfig { read: Read::Linear, ..looped });
                let readings = [FeedbackInput::Additive, FeedbackInput::Recurrent];
                cases.extend(readings.map(|reading| (core, InstructionInput::Always, linear(reading))));
            }
        }
    }
    assert_eq!(
        cases.len(),
        (3 + Cell::ALL.len() * 8 + 2) + (CoreName::ALL.len() - 1) * (3 + 8 + 2 + (Cell::ALL.len() - 1) * 2)
    );
    cases
}

/// Makes a seed of a case's name, so that a further case changes no other.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into())) >> 1
}

#[test]
fn fused_equals_plain_for_every_core() {
    // The slope of a NALU's logarithm at an input near zero is beyond comparison; among few lanes
    // there is none.
    let few = |&((_, _, core), lanes): &(Case, usize)| {
        core.is_none_or(|looped| looped.cell.about().output != Output::GatedSum) || lanes == LANES[0]
    };
    let cases = cases().into_iter().flat_map(|case| LANES.map(|lanes| (case, lanes))).filter(few);
    for ((core_name, told, core), lanes) in cases {
        let name = |what: &str| format!("{core_name:?}, told {told:?}, {core:?}, {lanes} lanes: {what}");
        let seed = seed(&name(""));
        let model = model(core_name, told, core);
        let (sizes, wiring) = (Sizes::new(&model, lanes, STEPS), model.wiring());
        let (gates, matrices) =
            (wiring.core.about().gates * sizes.hidden, core.map_or(0, |looped| effective(looped.cell)));
        let leaves = weights(&sizes, gates, wiring.inputs(), matrices, seed as i64);
        let script = script(&sizes, &mut ChaCha8Rng::seed_from_u64(seed));
        let plain = play(&mut Plain::new(sizes, wiring, Device::Cpu), &sizes, &leaves, &script);
        let fused = play(&mut Fused::new(sizes, wiring), &sizes, &leaves, &script);
        assert!(plain.outputs.iter().any(|output| output.abs() > 0.1), "the outputs say something");
        // The logarithm of an input near zero multiplies what rounding left in it.
        let nalu = core.is_some_and(|looped| looped.cell.about().output == Output::GatedSum);
        let (tolerance, against) = if nalu { (1e-4, Against::Greatest) } else { (1e-5, Against::Itself) };
        close(&name("outputs"), &fused.outputs, &plain.outputs, tolerance, against);
        close(&name("peeked"), &fused.peeked, &plain.peeked, tolerance, against);
        close(&name("h"), &fused.state.h, &plain.state.h, tolerance, against);
        close(&name("c"), &fused.state.c, &plain.state.c, tolerance, against);
        close(&name("n"), &fused.state.n, &plain.state.n, tolerance, against);
        for (i, (fused, plain)) in fused.gradients.iter().zip(&plain.gradients).enumerate() {
            let numbers = |tensor: &Tensor| Vec::<f32>::try_from(tensor.view([-1])).expect("floats");
            close(&name(&format!("gradient {i}")), &numbers(fused), &numbers(plain), 10.0 * tolerance, against);
        }
    }
}
