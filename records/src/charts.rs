//! The layout of a run's curves in TensorBoard's tab of custom scalars.

use std::borrow::Cow;

use protobuf::RepeatedField;
use tensorboard_proto::layout::{self, Layout, MultilineChartContent};

/// Charts that stand together under a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Title of the category.
    pub title: Cow<'static, str>,
    /// The charts, first to last.
    pub charts: Vec<Chart>,
}

/// A chart with the curves of one or more metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Title of the chart.
    pub title: Cow<'static, str>,
    /// Regular expressions of the metrics' names.
    pub names: Vec<String>,
}

impl Chart {
    /// Makes a chart of exactly these metrics, whose names have no character that means something in an expression.
    pub fn of<N: AsRef<str>>(title: impl Into<Cow<'static, str>>, names: &[N]) -> Chart {
        Chart { title: title.into(), names: names.iter().map(|name| format!("^{}$", name.as_ref())).collect() }
    }
}

/// The layout in TensorBoard's format.
pub(super) fn layout(categories: &[Category]) -> Layout {
    let mut layout = Layout::new();
    for Category { title, charts } in categories {
        let mut category = layout::Category::new();
        category.set_title(title.to_string());
        for Chart { title, names } in charts {
            let (mut chart, mut lines) = (layout::Chart::new(), MultilineChartContent::new());
            chart.set_title(title.to_string());
            lines.set_tag(RepeatedField::from_vec(names.clone()));
            chart.set_multiline(lines);
            category.mut_chart().push(chart);
        }
        layout.mut_category().push(category);
    }
    layout
}
