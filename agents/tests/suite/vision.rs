//! Vision by distinct receptive fields, and by hand, against libtorch's own convolution.

use std::sync::Arc;

use gridworld_agents::vision::{Encoder, FrameList, Fused, FusedImages, Gradient, ImageEncoder, Plain, PlainImages};
use gridworld_agents::{AgentName, Convolution, Model, ModelConfig};
use gridworld_envs::{FrameKey, FrameShape, Spec};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use tch::{Kind, Tensor};

const SHAPE: FrameShape = FrameShape { height: 56, width: 56, channels: 3 };

fn spec() -> Spec {
    Spec::new("Test-v1", SHAPE, ["left", "right"])
}

/// An image with a few coloured squares on black, so that receptive fields repeat but not all do.
fn draw(key: FrameKey, pixels: &mut [u8]) {
    let mut rng = ChaCha8Rng::seed_from_u64(key.0);
    pixels.fill(0);
    for _ in 0..3 {
        let (row, column) = (rng.random_range(0..45_usize), rng.random_range(0..45_usize));
        let colour: [u8; 3] = rng.random();
        for y in row..row + 10 {
            for x in column..column + 10 {
                pixels[(y * SHAPE.width + x) * 3..][..3].copy_from_slice(&colour);
            }
        }
    }
}

/// The frames as libtorch wants them, `[frames, 3, 56, 56]` from 0 to 1.
fn images(keys: &[FrameKey], draw: fn(FrameKey, &mut [u8])) -> Tensor {
    let mut bytes = vec![0; keys.len() * SHAPE.bytes()];
    for (key, pixels) in keys.iter().zip(bytes.chunks_exact_mut(SHAPE.bytes())) {
        draw(*key, pixels);
    }
    let images = Tensor::from_slice(&bytes).view([keys.len() as i64, 56, 56, 3]);
    images.permute([0, 3, 1, 2]).to_kind(Kind::Float) / 255.0
}

/// Computes `Model::table` by convolutions over whole images.
fn reference(model: &Model, flat: &Tensor, images: &Tensor) -> Tensor {
    let named = |name: &str| {
        let parameter = model.layout().parameters().iter().find(|p| p.name == name).expect("a parameter");
        flat.narrow(0, parameter.offset as i64, parameter.len() as i64).view(parameter.shape.as_slice())
    };
    let mut x = images.shallow_clone();
    for (index, convolution) in model.config().convolutions.iter().enumerate() {
        let weight = named(&format!("vision.conv{}.weight", index + 1)).permute([0, 3, 1, 2]);
        let bias = named(&format!("vision.conv{}.bias", index + 1));
        let stride = convolution.stride as i64;
        x = x.conv2d(&weight, Some(&bias), [stride, stride], [0, 0], [1, 1], 1).relu();
    }
    let x = x.permute([0, 2, 3, 1]).contiguous().view([images.size()[0], -1]);
    let features = x.linear(&named("vision.linear.weight"), Some(&named("vision.linear.bias")));
    features.linear(&named("core.lstm.weight_features"), Some(&named("core.lstm.bias")))
}

fn largest_difference(a: &Tensor, b: &Tensor) -> f64 {
    (a - b).abs().max().double_value(&[])
}

/// The table that `encoder` leads to, and the gradient of `Σ table · weight` on the parameters.
fn encoded(encoder: &mut dyn Encoder, model: &Model, flat: &Tensor, listings: &[Arc<FrameList>]) -> (Tensor, Tensor) {
    let leaf = flat.detach().copy().set_requires_grad(true);
    let bound = model.layout().bind(&leaf);
    encoder.load(&bound);
    let tables: Vec<Tensor> =
        listings.iter().map(|frame_list| model.table(&bound, &encoder.encode(frame_list))).collect();
    let table = Tensor::cat(&tables, 0);
    (&table * weight(&table)).sum(Kind::Float).backward();
    let mut gradient = leaf.grad().copy();
    encoder.backward(model.layout(), &mut gradient);
    (table.detach(), gradient)
}

/// Gives a weight for each number of a table.
fn weight(table: &Tensor) -> Tensor {
    (Tensor::arange(table.numel() as i64, (Kind::Float, table.device())) * 0.37).sin().view_as(table)
}

/// Networks with one, two and three convolutions.
fn convnets() -> [Vec<Convolution>; 3] {
    let three = vec![
        Convolution { channels: 6, kernel: 8, stride: 4 },
        Convolution { channels: 5, kernel: 3, stride: 2 },
        Convolution { channels: 7, kernel: 2, stride: 1 },
    ];
    let one = vec![Convolution { channels: 9, kernel: 8, stride: 8 }];
    [one, ModelConfig::of(AgentName::Lstm).convolutions, three]
}

#[test]
fn distinct_fields_give_what_whole_images_give() {
    for convolutions in convnets() {
        let model = Model::new(&ModelConfig { convolutions, ..ModelConfig::of(AgentName::Lstm) }, &spec());
        let flat = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(3))).set_requires_grad(true);
        let keys: Vec<FrameKey> = (0..40).map(FrameKey).collect();
        let mut table = model.frame_table();
        let mut rows = Vec::new();
        table.look_up(&keys[..25], &mut rows, draw);
        let early = table.fresh().expect("frames");
        table.look_up(&keys[25..], &mut rows, draw);
        assert_eq!(rows, (25..40).collect::<Vec<u32>>());
        let late = table.fresh().expect("frames");
        let all = table.all().expect("frames");
        assert_eq!((early.count(), late.count(), all.count()), (25, 15, 40));
        let patch = model.config().convolutions[0].kernel.pow(2) * 3;
        assert!(all.patches.len() / patch < 40 * 49, "some fields repeat");

        let slow = reference(&model, &flat, &images(&keys, draw));
        assert!(slow.std(false).double_value(&[]) > 0.01, "the images differ");
        (&slow * weight(&slow)).sum(Kind::Float).backward();
        let scale = flat.grad().abs().max().double_value(&[]);
        let mut encoders: [Box<dyn Encoder>; 2] =
            [Box::new(Plain::new(model.vision())), Box::new(Fused::new(model.vision()))];
        for encoder in &mut encoders {
            // Again and again with the same buffers: what was left in them must not matter.
            for listings in [&[Arc::clone(&all)][..], &[Arc::clone(&early), Arc::clone(&late)], &[Arc::clone(&all)]] {
                let (found, gradient) = encoded(&mut **encoder, &model, &flat, listings);
                assert!(largest_difference(&found, &slow) < 1e-4, "{}", largest_difference(&found, &slow));
                let difference = largest_difference(&gradient, &flat.grad());
                assert!(difference < 1e-4 * scale, "{difference} of {scale}");
            }
        }
    }
}

/// An image that no other is like, in no place.
fn snow(key: FrameKey, pixels: &mut [u8]) {
    ChaCha8Rng::seed_from_u64(key.0).fill(pixels);
}

/// The table of `keys` that `encoder` leads to, encoded in so many parts, and the gradient of
/// `Σ table · weight` on the parameters.
fn encoded_images(
    encoder: &mut dyn ImageEncoder,
    (model, flat): (&Model, &Tensor),
    keys: &[FrameKey],
    parts: usize,
) -> (Tensor, Tensor) {
    let leaf = flat.detach().copy().set_requires_grad(true);
    let bound = model.layout().bind(&leaf);
    encoder.load(&bound);
    let mut encode = |keys: &[FrameKey]| {
        let wanted = encoder.encode(keys.len(), &mut |index, pixels| snow(keys[index], pixels), Gradient::Wanted);
        // In between, what has no gradient: it must be the same, and leave no trace.
        let unwanted = encoder.encode(keys.len(), &mut |index, pixels| snow(keys[index], pixels), Gradient::Unwanted);
        assert!(unwanted == wanted && !unwanted.requires_grad());
        model.table(&bound, &wanted)
    };
    let table = Tensor::cat(&keys.chunks(keys.len().div_ceil(parts)).map(&mut encode).collect::<Vec<_>>(), 0);
    (&table * weight(&table)).sum(Kind::Float).backward();
    let mut gradient = leaf.grad().copy();
    encoder.backward(model.layout(), &mut gradient);
    (table.detach(), gradient)
}

#[test]
fn whole_images_give_what_convolutions_give() {
    for convolutions in convnets() {
        let model = Model::new(&ModelConfig { convolutions, ..ModelConfig::of(AgentName::Lstm) }, &spec().drawn());
        let flat = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(5))).set_requires_grad(true);
        let keys: Vec<FrameKey> = (0..43).map(FrameKey).collect();
        let slow = reference(&model, &flat, &images(&keys, snow));
        assert!(slow.std(false).double_value(&[]) > 0.01, "the images differ");
        (&slow * weight(&slow)).sum(Kind::Float).backward();
        let scale = flat.grad().abs().max().double_value(&[]);
        let mut encoders: [Box<dyn ImageEncoder>; 2] =
            [Box::new(PlainImages::new(model.vision())), Box::new(FusedImages::new(model.vision()))];
        for encoder in &mut encoders {
            for parts in [1, 3, 43, 1] {
                let (found, gradient) = encoded_images(&mut **encoder, (&model, &flat), &keys, parts);
                assert!(largest_difference(&found, &slow) < 1e-4, "{}", largest_difference(&found, &slow));
                let difference = largest_difference(&gradient, &flat.grad());
                assert!(difference < 1e-4 * scale, "{difference} of {scale}, in {parts} parts");
            }
        }
    }
}

#[test]
fn calibration_gives_features_of_unit_scale() {
    let model = Model::new(&ModelConfig::of(AgentName::Lstm), &spec());
    let flat = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(4)));
    let keys: Vec<FrameKey> = (0..200).map(FrameKey).collect();
    let mut table = model.frame_table();
    table.look_up(&keys, &mut Vec::new(), draw);
    model.calibrate(&flat, &table.all().expect("frames"));
    // The rows of the input weights are orthonormal columns, so a gate's deviation over the frames
    // tells the features': 64 features spread over 256 gates.
    let gates = reference(&model, &flat, &images(&keys, draw));
    let power = gates.var_dim(Some([0_i64].as_slice()), false, false).sum(Kind::Float).double_value(&[]);
    assert!((power - 64.0).abs() < 0.5, "{power} for 64 features of variance 1");
}

#[test]
fn frames_that_come_later_get_the_next_rows() {
    let model = Model::new(&ModelConfig::of(AgentName::Lstm), &spec());
    let mut table = model.frame_table();
    let mut rows = Vec::new();
    table.look_up(&[FrameKey(5), FrameKey(9), FrameKey(5)], &mut rows, draw);
    assert_eq!(rows, [0, 1, 0]);
    assert_eq!(table.fresh().map(|frame_list| frame_list.count()), Some(2));
    table.look_up(&[FrameKey(9), FrameKey(7)], &mut rows, draw);
    assert_eq!(rows, [1, 2]);
    assert_eq!(table.fresh().map(|frame_list| frame_list.count()), Some(1));
    assert!(table.fresh().is_none());
    assert_eq!(table.all().map(|frame_list| frame_list.count()), Some(3));
    assert_eq!(table.keys(), [FrameKey(5), FrameKey(9), FrameKey(7)]);
}
