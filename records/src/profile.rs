//! What a run is, in the terms of TensorBoard: its hyperparameters, and how its curves are laid out.

use std::time::SystemTime;

use protobuf::well_known_types::Value;
use protobuf::{Message, ProtobufResult, RepeatedField};
use tensorboard_proto::api::{
    DataType as HyperType, Experiment, HParamInfo, MetricInfo, MetricName, Status as HyperStatus,
};
use tensorboard_proto::layout::{Category, Chart, Layout, MultilineChartContent};
use tensorboard_proto::plugin_hparams::{HParamsPluginData, SessionEndInfo, SessionStartInfo};
use tensorboard_proto::summary::Summary_Value;

use super::exhibit::with_plugin;
use super::{Tag, calendar};

/// The hyperparameters of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Those that the run has.
    pub own: Vec<(String, Setting)>,
    /// Those that any run can have, so that the tables of different runs have the same columns.
    pub columns: Vec<Column>,
}

/// A column of the table of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// A hyperparameter's name.
    pub name: String,
    /// A value of its kind.
    pub example: Setting,
    /// Whether it is among the first.
    pub place: Place,
}

/// Where a column stands: within either part TensorBoard sorts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it is seen at once.
    First,
    /// Where it can be found.
    Later,
}

/// The number of the field `differs` of TensorBoard's `HParamInfo`, by which it sorts columns; the definitions that we
/// encode with are older.
const DIFFERS: u32 = 7;

/// A hyperparameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
    /// On or off.
    Switch(bool),
}

impl Setting {
    fn kind(&self) -> HyperType {
        match self {
            Setting::Number(_) => HyperType::DATA_TYPE_FLOAT64,
            Setting::Word(_) => HyperType::DATA_TYPE_STRING,
            Setting::Switch(_) => HyperType::DATA_TYPE_BOOL,
        }
    }

    fn value(&self) -> Value {
        let mut value = Value::new();
        match self {
            Setting::Number(number) => value.set_number_value(*number),
            Setting::Word(word) => value.set_string_value(word.clone()),
            Setting::Switch(on) => value.set_bool_value(*on),
        }
        value
    }
}

/// The results that stand beside the hyperparameters.
const METRICS: [(Tag, &str); 4] = [
    (Tag::EvalSuccessTrain, "greedy success on the T of the training, of the feasible"),
    (Tag::Success, "success in training, where actions are sampled"),
    (Tag::EpisodicReturn, "mean return in training"),
    (Tag::StepsPerSecond, "environment steps a second, over all workers"),
];

/// A chart of the tab of custom scalars.
struct Curves {
    title: &'static str,
    /// Regular expressions of the tags that are on it.
    tags: Vec<String>,
}

/// The charts, in their categories.
fn charts() -> Vec<(&'static str, Vec<Curves>)> {
    let exact = |title, tags: &[Tag]| Curves { title, tags: tags.iter().map(|tag| format!("^{tag}$")).collect() };
    let by_instruction = Curves { title: "greedy, by T", tags: vec![r"^eval/success_T\d+$".to_owned()] };
    vec![
        (
            "Success",
            vec![
                exact("on the T of the training: greedy, and sampled", &[Tag::EvalSuccessTrain, Tag::Success]),
                by_instruction,
            ],
        ),
        (
            "Learning",
            vec![
                exact("return", &[Tag::EpisodicReturn]),
                exact("losses", &[Tag::PolicyLoss, Tag::ValueLoss]),
                exact("entropy", &[Tag::Entropy]),
                exact("gradient norm", &[Tag::GradientNorm]),
            ],
        ),
        (
            "Progress",
            vec![exact("steps a second", &[Tag::StepsPerSecond]), exact("learning rate", &[Tag::LearningRate])],
        ),
    ]
}

/// What a run says of itself when it begins: the tables' columns, its own hyperparameters, the layout of the curves.
pub(super) fn opening(profile: &Profile, now: SystemTime) -> ProtobufResult<Vec<Summary_Value>> {
    let mut experiment = Experiment::new();
    for Column { name, example, place } in &profile.columns {
        let mut column = HParamInfo::new();
        column.set_name(name.clone());
        column.set_field_type(example.kind());
        column.mut_unknown_fields().add_varint(DIFFERS, u64::from(*place == Place::First));
        experiment.mut_hparam_infos().push(column);
    }
    for (tag, description) in METRICS {
        let (mut column, mut name) = (MetricInfo::new(), MetricName::new());
        name.set_tag(tag.to_string());
        column.set_name(name);
        column.set_display_name(tag.to_string());
        column.set_description(description.to_owned());
        experiment.mut_metric_infos().push(column);
    }
    let mut start = SessionStartInfo::new();
    start.set_start_time_secs(calendar::since_1970(now).as_secs_f64());
    start.set_hparams(profile.own.iter().map(|(name, setting)| (name.clone(), setting.value())).collect());
    let (mut columns, mut session) = (HParamsPluginData::new(), HParamsPluginData::new());
    columns.set_experiment(experiment);
    session.set_session_start_info(start);
    let mut layout = with_plugin("custom_scalars", Vec::new(), &layout().write_to_bytes()?);
    layout.set_tag("custom_scalars__config__".to_owned());
    Ok(vec![hyper("_hparams_/experiment", &columns)?, hyper("_hparams_/session_start_info", &session)?, layout])
}

/// What a run says of itself when its training is complete.
pub(super) fn ending(now: SystemTime) -> ProtobufResult<Summary_Value> {
    let (mut end, mut data) = (SessionEndInfo::new(), HParamsPluginData::new());
    end.set_status(HyperStatus::STATUS_SUCCESS);
    end.set_end_time_secs(calendar::since_1970(now).as_secs_f64());
    data.set_session_end_info(end);
    hyper("_hparams_/session_end_info", &data)
}

/// All that is said is in what belongs to the tag; the value itself is empty.
fn hyper(tag: &str, data: &HParamsPluginData) -> ProtobufResult<Summary_Value> {
    let mut value = with_plugin("hparams", data.write_to_bytes()?, b"");
    value.set_tag(tag.to_owned());
    Ok(value)
}

fn layout() -> Layout {
    let mut layout = Layout::new();
    for (title, charts) in charts() {
        let mut category = Category::new();
        category.set_title(title.to_owned());
        for Curves { title, tags } in charts {
            let (mut chart, mut lines) = (Chart::new(), MultilineChartContent::new());
            chart.set_title(title.to_owned());
            lines.set_tag(RepeatedField::from_vec(tags));
            chart.set_multiline(lines);
            category.mut_chart().push(chart);
        }
        layout.mut_category().push(category);
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_has_every_number_but_rollbacks() {
        let expressions: Vec<String> =
            charts().into_iter().flat_map(|(_, charts)| charts).flat_map(|curves| curves.tags).collect();
        for tag in [
            Tag::EpisodicReturn,
            Tag::Success,
            Tag::StepsPerSecond,
            Tag::LearningRate,
            Tag::PolicyLoss,
            Tag::ValueLoss,
            Tag::Entropy,
            Tag::GradientNorm,
            Tag::EvalSuccessTrain,
        ] {
            assert!(expressions.contains(&format!("^{tag}$")), "{tag}");
        }
        let digits = Tag::EvalSuccess(12).to_string().replace("12", r"\d+");
        assert!(expressions.contains(&format!("^{digits}$")));
    }
}
