//! The hyperparameters and results of a run, in the terms of TensorBoard.

use std::borrow::Cow;
use std::time::SystemTime;

use protobuf::well_known_types::Value;
use protobuf::{Message, ProtobufResult};
use tensorboard_proto::api::{
    DataType as HyperType, Experiment, HParamInfo, MetricInfo, MetricName, Status as HyperStatus,
};
use tensorboard_proto::plugin_hparams::{HParamsPluginData, SessionEndInfo, SessionStartInfo};
use tensorboard_proto::summary::Summary_Value;

use super::charts::layout;
use super::media::with_plugin;
use super::{Category, calendar};

/// The hyperparameters of a run, and how its results are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HParams {
    /// The hyperparameters that the run has.
    pub own: Vec<(String, HParamValue)>,
    /// The hyperparameters that any run can have, so that the tables of different runs have the same columns.
    pub columns: Vec<Column>,
    /// The results that stand beside the hyperparameters.
    pub scores: Vec<Score>,
    /// The charts of the tab of custom scalars.
    pub charts: Vec<Category>,
}

/// A result of a run, in its table: the last number of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The metric's name.
    pub name: Cow<'static, str>,
    /// The meaning, in a few words.
    pub description: Cow<'static, str>,
}

/// A column of the table of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// A hyperparameter's name.
    pub name: String,
    /// A value of the hyperparameter, whose kind is the column's.
    pub example: HParamValue,
    /// Place of the column, among the first or not.
    pub place: Place,
}

/// The place of a column: within either part TensorBoard sorts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the first columns, where it is seen at once.
    First,
    /// After the first columns, where it can be found.
    Later,
}

/// The number of the field `differs` of TensorBoard's `HParamInfo`, by which it sorts columns; the definitions that we
/// encode with are older.
const DIFFERS: u32 = 7;

/// A hyperparameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum HParamValue {
    /// A numeric value.
    Number(f64),
    /// A value in words.
    Word(String),
    /// A value that is on or off.
    Switch(bool),
}

impl HParamValue {
    fn kind(&self) -> HyperType {
        match self {
            HParamValue::Number(_) => HyperType::DATA_TYPE_FLOAT64,
            HParamValue::Word(_) => HyperType::DATA_TYPE_STRING,
            HParamValue::Switch(_) => HyperType::DATA_TYPE_BOOL,
        }
    }

    fn value(&self) -> Value {
        let mut value = Value::new();
        match self {
            HParamValue::Number(number) => value.set_number_value(*number),
            HParamValue::Word(word) => value.set_string_value(word.clone()),
            HParamValue::Switch(on) => value.set_bool_value(*on),
        }
        value
    }
}

/// Values that a run begins with: the tables' columns, its own hyperparameters, the layout of the curves.
pub(super) fn opening(hparams: &HParams, now: SystemTime) -> ProtobufResult<Vec<Summary_Value>> {
    let mut experiment = Experiment::new();
    for Column { name, example, place } in &hparams.columns {
        let mut column = HParamInfo::new();
        column.set_name(name.clone());
        column.set_field_type(example.kind());
        column.mut_unknown_fields().add_varint(DIFFERS, u64::from(*place == Place::First));
        experiment.mut_hparam_infos().push(column);
    }
    for Score { name, description } in &hparams.scores {
        let (mut column, mut tag) = (MetricInfo::new(), MetricName::new());
        tag.set_tag(name.to_string());
        column.set_name(tag);
        column.set_display_name(name.to_string());
        column.set_description(description.to_string());
        experiment.mut_metric_infos().push(column);
    }
    let mut start = SessionStartInfo::new();
    start.set_start_time_secs(calendar::since_1970(now).as_secs_f64());
    start.set_hparams(hparams.own.iter().map(|(name, setting)| (name.clone(), setting.value())).collect());
    let (mut columns, mut session) = (HParamsPluginData::new(), HParamsPluginData::new());
    columns.set_experiment(experiment);
    session.set_session_start_info(start);
    let mut layout = with_plugin("custom_scalars", Vec::new(), &layout(&hparams.charts).write_to_bytes()?);
    layout.set_tag("custom_scalars__config__".to_owned());
    Ok(vec![hyper("_hparams_/experiment", &columns)?, hyper("_hparams_/session_start_info", &session)?, layout])
}

/// The value that a run ends with when its training is complete.
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
