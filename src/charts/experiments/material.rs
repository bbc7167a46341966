//! Series of runs that figures are drawn from.

use gridworld_numeracy::tasks::identity::IdentityCurve;

use super::errors::Errors;
use super::grid::Series;
use super::solved::Solved;

/// Series to be drawn, by task.
#[derive(Debug, Default)]
pub struct Material {
    pub identity: Vec<IdentityCurve>,
    pub solved: Vec<(&'static str, Series<Solved>)>,
    pub errors: Vec<(&'static str, Series<Errors>)>,
}
