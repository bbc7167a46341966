//! Description that every environment of this kind has, whatever its settings.

use crate::board;
use crate::environment::Spec;

/// Name and version of the environment.
pub(super) const ID: &str = "IntervalReproduction-v1";

/// Name, images and actions, whatever the settings.
pub(super) fn spec() -> Spec {
    Spec::new(ID, board::FRAME, board::ACTIONS.iter().copied())
}
