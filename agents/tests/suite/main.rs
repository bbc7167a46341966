//! Tests of the crate through what it makes public.

mod calibration;
mod cells;
mod contract;
mod controls;
mod cuda;
mod drawn_frames;
mod episode_record;
mod evaluation;
mod exact;
mod failures;
mod fakes;
mod frame_keys;
mod learning;
mod limits;
mod loss;
mod optimizer;
mod parameters;
mod records;
mod reproducible;
mod resumption;
mod returns;
mod rollback;
mod sampler;
mod unroll;
mod vision;
mod whole;
