//! The nine ranges of the single-layer task.

use crate::tasks::Range;

/// Inputs in training and inputs in the test: negative and positive, wide and narrow, around 0 and far from it.
pub const RANGES: [(Range, Range); 9] = [
    (Range::new(-20.0, -10.0), Range::new(-40.0, -20.0)),
    (Range::new(-2.0, -1.0), Range::new(-6.0, -2.0)),
    (Range::new(-1.2, -1.1), Range::new(-6.1, -1.2)),
    (Range::new(-0.2, -0.1), Range::new(-2.0, -0.2)),
    (Range::new(-2.0, 2.0), Range::mirrored(2.0, 6.0)),
    (Range::new(0.1, 0.2), Range::new(0.2, 2.0)),
    (Range::new(1.0, 2.0), Range::new(2.0, 6.0)),
    (Range::new(1.1, 1.2), Range::new(1.2, 6.0)),
    (Range::new(10.0, 20.0), Range::new(20.0, 40.0)),
];
