//! The convnet: convolutions with ReLU, then one linear layer.

use std::collections::HashSet;

use gridworld_envs::FrameShape;
use rand::Rng;
use tch::{Kind, Tensor};

use crate::config::{Calibration, Convolution, ModelConfig};
use crate::parameters::{Bound, Layout, Slot, fill_orthogonal};
use gridworld_kernels::FrameList;

/// A weight of vision with this many inputs would learn at the common rate.
const RATE_INPUTS: f64 = 16.0;

/// Principal components whose deviation is below this share of the first one's are left alone: to
/// bring them to unit scale would amplify rounding.
const LEAST_COMPONENT: f64 = 1e-3;

/// Deviation under which differences are rounding.
const LEAST_DEVIATION: f64 = 1e-3;

/// Factor of the learning rate of vision's biases.
const RATE_BIAS: f64 = 0.1;

/// The convnet's shape, and where its parameters are.
#[derive(Clone, Debug)]
pub struct Convnet {
    shape: FrameShape,
    pub(super) convolutions: Vec<(Convolution, Affine)>,
    pub(super) linear: Affine,
    calibration: Calibration,
}

/// A matrix `[outputs, inputs]` and a bias.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    pub(super) inputs: usize,
    pub(super) weight: Slot,
    pub(super) bias: Slot,
}

impl Convnet {
    /// Lays its parameters out under `vision.`.
    ///
    /// A convolution's weight is `[channels, kernel, kernel, inputs]`, channels last as the images
    /// are; PyTorch's order is `permute(0, 3, 1, 2)` of it.
    pub(crate) fn new(config: &ModelConfig, shape: FrameShape, layout: &mut Layout) -> Convnet {
        let (mut rows, mut columns, mut channels) = (shape.height, shape.width, shape.channels);
        let mut convolutions = Vec::new();
        for (index, &convolution) in config.convolutions.iter().enumerate() {
            let Convolution { kernel, stride, .. } = convolution;
            let name = format!("vision.conv{}", index + 1);
            let sizes = [convolution.channels, kernel, kernel, channels];
            let affine = Affine::new(layout, &name, &sizes, config.vision.frozen);
            (rows, columns) = ((rows - kernel) / stride + 1, (columns - kernel) / stride + 1);
            channels = convolution.channels;
            convolutions.push((convolution, affine));
        }
        let inputs = rows * columns * channels;
        let linear = Affine::new(layout, "vision.linear", &[config.features, inputs], config.vision.frozen);
        Convnet { shape, convolutions, linear, calibration: config.vision.calibration }
    }

    /// Gives the size of the images.
    #[must_use]
    pub fn shape(&self) -> FrameShape {
        self.shape
    }

    /// Orthogonal weights and no bias, before [`calibrate`](Self::calibrate).
    pub(crate) fn initialize(&self, flat: &mut [f32], layout: &Layout, rng: &mut impl Rng) {
        for affine in self.affines() {
            fill_orthogonal(layout.slice(flat, affine.weight), affine.inputs, 1.0, rng);
        }
    }

    /// Sets each layer so that over the frames of `frame_list` its outputs have mean 0 and deviation 1
    /// before the ReLU, and the features are uncorrelated as well, unless they are only to be scaled (Krähenbühl et al. 2016,
    /// arXiv:1511.06856: data-dependent initialization by scaling and by principal components).
    ///
    /// Without it an image that is nearly all black gives features that hardly differ from frame to
    /// frame, and learning takes several times as long. `parameters` are changed in place; a
    /// convolution's statistics are over its distinct receptive fields, the features' over distinct
    /// frames, whatever their keys.
    pub(crate) fn calibrate(&self, parameters: &Bound, frame_list: &FrameList) {
        let fields = self.tensors(parameters, frame_list);
        tch::no_grad(|| {
            let mut input = fields.patches.shallow_clone();
            for (layer, &(_, affine)) in self.convolutions.iter().enumerate() {
                if layer > 0 {
                    input = gather(&input.relu(), fields.indices(layer), affine.inputs);
                }
                let output = affine.apply(parameters, &input);
                let mean = output.mean_dim(Some([0].as_slice()), false, Kind::Float);
                let deviation = divisor(&output.std_dim(Some([0].as_slice()), false, false));
                let weight = &parameters[affine.weight];
                weight.shallow_clone().copy_(&(weight / deviation.view([-1, 1, 1, 1])));
                parameters[affine.bias].shallow_clone().copy_(&(-&mean / &deviation));
                input = (output - mean) / deviation;
            }
            let linear = self.linear;
            let input = gather(
                &input.relu(),
                &distinct(fields.indices(self.convolutions.len()), frame_list.count()),
                linear.inputs,
            );
            let start = match self.calibration {
                Calibration::Whitened => whiten,
                Calibration::Scaled => scale,
            };
            let (weight, bias) = start(&input, &parameters[linear.weight]);
            parameters[linear.weight].shallow_clone().copy_(&weight);
            parameters[linear.bias].shallow_clone().copy_(&bias);
        });
    }

    /// Gives the numbers that [`features`](Self::features) computes with, on the device of the parameters.
    pub fn tensors(&self, parameters: &Bound, frame_list: &FrameList) -> FieldTensors {
        let device = parameters[self.linear.bias].device();
        let indices = |fields: Vec<i64>| Tensor::from_slice(&fields).to_device(device);
        let length = self.convolutions[0].1.inputs as i64;
        let layers = frame_list.fields.iter().map(|layer| layer.iter().map(|&field| i64::from(field)).collect());
        let frames = frame_list.frame_fields().map(i64::from).collect();
        FieldTensors {
            patches: Tensor::from_slice(&frame_list.patches).to_device(device).view([-1, length]),
            indices: layers.chain([frames]).map(indices).collect(),
        }
    }

    /// The features `[frames, features]` of every frame.
    pub fn features(&self, parameters: &Bound, fields: &FieldTensors) -> Tensor {
        let mut output = Tensor::new();
        for (layer, affine) in self.affines().enumerate() {
            let input = match layer {
                0 => fields.patches.shallow_clone(),
                _ => gather(&output.relu(), fields.indices(layer), affine.inputs),
            };
            output = affine.apply(parameters, &input);
        }
        output
    }

    pub(super) fn affines(&self) -> impl Iterator<Item = Affine> {
        self.convolutions.iter().map(|&(_, affine)| affine).chain([self.linear])
    }
}

/// Tensors of a [`FrameList`], on the device that computes with them.
#[derive(Debug)]
pub struct FieldTensors {
    /// Distinct patches of pixels, `[patches, kernel · kernel · channels]`.
    patches: Tensor,
    /// Outputs of the layer before that make up the inputs, for each layer after the first.
    indices: Vec<Tensor>,
}

impl FieldTensors {
    fn indices(&self, layer: usize) -> &Tensor {
        &self.indices[layer - 1]
    }
}

impl Affine {
    /// Adds weight and bias, the weight with a learning rate inversely proportional to its inputs.
    ///
    /// An adaptive optimizer moves every weight by about the learning rate, so that a sum over n
    /// inputs moves n times as far. The core's sums have some hundred inputs, vision's up to a
    /// thousand: at one rate for all, vision is lost before the core has learnt (after Yang et al.
    /// 2022, arXiv:2203.03466, table 8). One that is frozen has a rate of zero.
    fn new(layout: &mut Layout, name: &str, shape: &[usize], is_frozen: bool) -> Affine {
        let inputs = shape[1..].iter().product();
        let learning = if is_frozen { 0.0 } else { 1.0 };
        let weight = layout.add_with_rate(&format!("{name}.weight"), shape, learning * RATE_INPUTS / inputs as f64);
        let bias = layout.add_with_rate(&format!("{name}.bias"), &shape[..1], learning * RATE_BIAS);
        Affine { inputs, weight, bias }
    }

    /// Writes its part of `gradient`, from what an encoder has added up.
    pub(super) fn write(&self, layout: &Layout, gradient: &Tensor, weight: &[f32], bias: &[f32]) {
        layout.narrow(gradient, self.weight).copy_(&Tensor::from_slice(weight));
        layout.narrow(gradient, self.bias).copy_(&Tensor::from_slice(bias));
    }

    /// `[rows, inputs]` to `[rows, outputs]`.
    fn apply(&self, parameters: &Bound, input: &Tensor) -> Tensor {
        let bias = &parameters[self.bias];
        let weight = parameters[self.weight].view([-1, self.inputs as i64]);
        bias.addmm(input, &weight.tr())
    }
}

/// The rows of `output` named by `indices`, `length` numbers to each row of the result.
fn gather(output: &Tensor, indices: &Tensor, length: usize) -> Tensor {
    output.index_select(0, indices).view([-1, length as i64])
}

/// Gives each of the `count` equal parts of `indices` once, in the order of their first appearance.
fn distinct(indices: &Tensor, count: usize) -> Tensor {
    let numbers = Vec::<i64>::try_from(indices).expect("indices are integers");
    let mut known = HashSet::new();
    let parts = numbers.chunks_exact(numbers.len() / count).filter(|&part| known.insert(part));
    Tensor::from_slice(&parts.flatten().copied().collect::<Vec<i64>>()).to_device(indices.device())
}

/// Gives the divisor for a deviation of 1; what does not vary is left alone, or a frame that is not among the samples
/// would be blown up.
fn divisor(deviation: &Tensor) -> Tensor {
    deviation.where_self(&deviation.gt(LEAST_DEVIATION), &deviation.ones_like())
}

/// The rows of `weight` and the bias that turn `input`, `[samples, inputs]`, into outputs with mean 0 and deviation 1 each.
fn scale(input: &Tensor, weight: &Tensor) -> (Tensor, Tensor) {
    let weight = weight.to_kind(Kind::Double);
    let output = input.to_kind(Kind::Double).matmul(&weight.tr());
    let deviation = divisor(&output.std_dim(Some([0].as_slice()), false, false));
    let bias = -output.mean_dim(Some([0].as_slice()), false, Kind::Double) / &deviation;
    ((weight / deviation.view([-1, 1])).to_kind(Kind::Float), bias.to_kind(Kind::Float))
}

/// The weight and bias that turn `input`, `[samples, inputs]`, into its leading principal components,
/// each with mean 0 and deviation 1. Where the samples have fewer components than `weight` has rows,
/// those rows stay as they are, scaled to deviation 1 if they vary at all.
fn whiten(input: &Tensor, weight: &Tensor) -> (Tensor, Tensor) {
    let samples = input.size()[0] as f64;
    let mean = input.mean_dim(Some([0].as_slice()), true, Kind::Double);
    let centred = input.to_kind(Kind::Double) - &mean;
    let (_, singular, directions) = centred.svd(true, true);
    let directions = directions.tr();
    let deviation = singular / samples.sqrt();
    let most = deviation.max().double_value(&[]);
    let kept = deviation.gt(most * LEAST_COMPONENT).sum(Kind::Int64).int64_value(&[]).min(weight.size()[0]);
    let components = directions.narrow(0, 0, kept) / deviation.narrow(0, 0, kept).view([-1, 1]);
    let mut rows = vec![components];
    if kept < weight.size()[0] {
        let rest = weight.narrow(0, kept, weight.size()[0] - kept).to_kind(Kind::Double);
        let spread = divisor(&centred.matmul(&rest.tr()).std_dim(Some([0].as_slice()), false, false));
        rows.push(rest / spread.view([-1, 1]));
    }
    let weight = Tensor::cat(&rows, 0);
    let bias = -weight.matmul(&mean.tr()).view([-1]);
    (weight.to_kind(Kind::Float), bias.to_kind(Kind::Float))
}
