//! Texts, pictures and histograms, which TensorBoard shows beside the numbers.

use protobuf::RepeatedField;
use tensorboard_proto::summary::{HistogramProto, Summary_Image, Summary_Value};
use tensorboard_proto::tensor::TensorProto;
use tensorboard_proto::tensor_shape::{TensorShapeProto, TensorShapeProto_Dim};
use tensorboard_proto::types::DataType;

/// A text, a picture or a histogram in TensorBoard, under a name like a number's. It is in TensorBoard's file alone:
/// `metrics.jsonl` has the numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Media {
    /// A text, in Markdown.
    Text {
        /// Name of the text.
        tag: String,
        /// Contents of the text.
        markdown: String,
    },
    /// A picture; an animated GIF moves.
    Image {
        /// Name of the picture.
        tag: String,
        /// File of the picture.
        picture: Picture,
    },
    /// A histogram of numbers.
    Histogram {
        /// Name of the histogram.
        tag: String,
        /// Numbers that the histogram counts.
        values: Vec<f64>,
    },
}

/// A picture as a file of a format that browsers know, PNG or GIF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

impl Media {
    /// Returns the name.
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Media::Text { tag, .. } | Media::Image { tag, .. } | Media::Histogram { tag, .. } => tag,
        }
    }

    /// Returns the exhibit in TensorBoard's format.
    pub(super) fn value(&self) -> Summary_Value {
        let mut value = match self {
            Media::Text { markdown, .. } => with_plugin("text", Vec::new(), markdown.as_bytes()),
            Media::Image { picture, .. } => {
                let mut image = Summary_Image::new();
                image.set_width(i32::try_from(picture.width).unwrap_or(i32::MAX));
                image.set_height(i32::try_from(picture.height).unwrap_or(i32::MAX));
                image.set_colorspace(3);
                image.set_encoded_image_string(picture.bytes.clone());
                let mut value = Summary_Value::new();
                value.set_image(image);
                value
            }
            Media::Histogram { values, .. } => {
                let mut value = Summary_Value::new();
                value.set_histo(histogram(values));
                value
            }
        };
        value.set_tag(self.tag().to_owned());
        value
    }
}

/// A value that one of TensorBoard's plugins reads: `content` says how, and `text` is a string of one element.
pub(super) fn with_plugin(plugin: &str, content: Vec<u8>, text: &[u8]) -> Summary_Value {
    let mut value = Summary_Value::new();
    let data = value.mut_metadata().mut_plugin_data();
    data.set_plugin_name(plugin.to_owned());
    data.set_content(content);
    let mut shape = TensorShapeProto::new();
    let mut one = TensorShapeProto_Dim::new();
    one.set_size(1);
    shape.mut_dim().push(one);
    let mut tensor = TensorProto::new();
    tensor.set_dtype(DataType::DT_STRING);
    tensor.set_tensor_shape(shape);
    tensor.set_string_val(RepeatedField::from_vec(vec![text.to_vec()]));
    value.set_tensor(tensor);
    value
}

/// Numbers in bars of 1/20, with −1, 0 and 1 in the middle of theirs; those that are not finite are left out.
fn histogram(values: &[f64]) -> HistogramProto {
    const BAR: f64 = 0.05;
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let mut histogram = HistogramProto::new();
    let least = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Weights of accumulators lie within −1 and 1; the bars of anything else would be without number.
    let bar = |value: f64| (value / BAR).round().clamp(-1000.0, 1000.0) as i64;
    if finite.is_empty() {
        return histogram;
    }
    for index in bar(least)..=bar(greatest) {
        histogram.mut_bucket_limit().push((index as f64 + 0.5) * BAR);
        histogram.mut_bucket().push(finite.iter().filter(|value| bar(**value) == index).count() as f64);
    }
    histogram.set_min(least);
    histogram.set_max(greatest);
    histogram.set_num(finite.len() as f64);
    histogram.set_sum(finite.iter().sum());
    histogram.set_sum_squares(finite.iter().map(|value| value * value).sum());
    histogram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_weights_are_in_the_middle_of_their_bars() {
        let found = histogram(&[-1.0, -1.0, 0.0, 0.024, 1.0, f64::NAN]);
        assert_eq!((found.get_num(), found.get_min(), found.get_max()), (5.0, -1.0, 1.0));
        assert_eq!(found.get_bucket().len(), 41);
        let counts: Vec<(usize, f64)> =
            found.get_bucket().iter().copied().enumerate().filter(|(_, count)| *count > 0.0).collect();
        assert_eq!(counts, [(0, 2.0), (20, 2.0), (40, 1.0)]);
        assert!((found.get_bucket_limit()[20] - 0.025).abs() < 1e-12);
        assert!((found.get_sum() + 0.976).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_bars_and_much_not_too_many() {
        assert_eq!(histogram(&[]).get_bucket().len(), 0);
        assert!(histogram(&[-1e300, 1e300]).get_bucket().len() <= 2001);
    }
}
