//! The first statistics of vision where there is little to see, and under other keys.

use gridworld_agents::vision::{FrameList, FrameTable};
use gridworld_agents::{AgentName, Model, ModelConfig};
use gridworld_envs::{FrameKey, Spec, Task};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::fakes::Fake;
use crate::fakes::games::Recall;

/// Makes a network with as many features as gates, so that input weights of the identity show the features.
fn model() -> Model {
    let config = crate::fakes::config(AgentName::Lstm).model;
    Model::new(&ModelConfig { features: 4 * config.hidden, ..config }, &spec())
}

fn spec() -> Spec {
    Fake::new(Recall::new(1)).spec()
}

/// Draws images for `keys`, of which the lower two digits count.
fn table(model: &Model, keys: impl Iterator<Item = u64>) -> FrameTable<FrameKey> {
    let mut table = model.frame_table();
    let keys: Vec<FrameKey> = keys.map(FrameKey).collect();
    table.look_up(&keys, &mut Vec::new(), |key, pixels| {
        let shade = |i: usize| (key.0 % 100 * (i as u64 + 1) * 37 % 251) as u8;
        pixels.iter_mut().enumerate().for_each(|(i, pixel)| *pixel = if key.0 % 100 == 0 { 0 } else { shade(i) });
    });
    table
}

/// Parameters calibrated on `frame_list`, with input weights of the identity.
fn calibrated(model: &Model, frame_list: &FrameList) -> Tensor {
    let flat = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(111)));
    model.calibrate(&flat, frame_list);
    let place =
        model.layout().parameters().iter().find(|p| p.name == "core.lstm.weight_features").expect("it is there");
    let identity = Tensor::eye(place.shape[0], (Kind::Float, Device::Cpu)).view([-1]);
    flat.narrow(0, place.offset as i64, place.len() as i64).copy_(&identity);
    let bias = model.layout().parameters().iter().find(|p| p.name == "core.lstm.bias").expect("it is there");
    let _ = flat.narrow(0, bias.offset as i64, bias.len() as i64).zero_();
    flat
}

fn features(model: &Model, flat: &Tensor, frame_list: &FrameList) -> Tensor {
    let bound = model.layout().bind(flat);
    let vision = model.vision();
    model.table(&bound, &vision.features(&bound, &vision.tensors(&bound, frame_list)))
}

#[test]
fn a_frame_that_was_not_there_is_not_blown_up() {
    let model = model();
    for seen in [0..1, 1..2, 0..3] {
        let flat = calibrated(&model, &table(&model, seen.clone()).all().expect("frames"));
        let mut others = table(&model, 10..40);
        let size = features(&model, &flat, &others.all().expect("frames")).abs().max().double_value(&[]);
        assert!(size.is_finite() && size < 100.0, "after frames {seen:?} another has features of {size}");
    }
}

#[test]
fn features_of_enough_frames_have_mean_zero_and_deviation_one() {
    let model = model();
    let mut frames = table(&model, 0..90);
    let frame_list = frames.all().expect("frames");
    let features = features(&model, &calibrated(&model, &frame_list), &frame_list);
    let (mean, deviation) =
        (features.mean_dim(Some([0_i64].as_slice()), false, Kind::Float), features.std_dim(0, false, false));
    assert_eq!(mean.size(), [64]);
    assert!(mean.abs().max().double_value(&[]) < 1e-3, "{mean}");
    assert!((deviation - 1.0).abs().max().double_value(&[]) < 1e-2, "deviations of 1");
}

#[test]
fn keys_make_no_difference() {
    let model = model();
    // Twenty images once each; then under many keys, some far more often than others.
    let once = calibrated(&model, &table(&model, 0..20).all().expect("frames"));
    let often = (0..20).chain((1..30).flat_map(|copy| (0..copy % 20).map(move |image| copy * 100 + image)));
    let mut often = table(&model, often);
    let frame_list = often.all().expect("frames");
    assert!(frame_list.count() > 200);
    assert_eq!(calibrated(&model, &frame_list), once);
}
