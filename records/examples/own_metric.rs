//! A run folder for a computation of one's own, with a metric, hyperparameters and a chart in TensorBoard; and the metric
//! read back.
//!
//! `cargo run --release -p gridworld-records --example own_metric [TERMS] [RUNS]`

use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use gridworld_records::*;

const ERROR: &str = "pi/error";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let terms: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |terms| terms.parse())?;
    let runs = match std::env::args_os().nth(2) {
        Some(path) => PathBuf::from(path),
        None => tempfile::tempdir()?.keep(),
    };

    // No other process can work in the folder while this one has the lock.
    let (run, lock) = RunFolder::create_for(&runs, None, "leibniz", SystemTime::now())?;
    let own = vec![
        ("terms".to_owned(), HParamValue::Number(terms as f64)),
        ("series".to_owned(), HParamValue::Word("Leibniz".to_owned())),
    ];
    let column = |(name, example): &(String, HParamValue)| Column {
        name: name.clone(),
        example: example.clone(),
        place: Place::First,
    };
    let chart = Chart::of("distance from π", &[ERROR]);
    let hparams = HParams {
        columns: own.iter().map(column).collect(),
        own,
        scores: vec![Score { name: ERROR.into(), description: "distance from π".into() }],
        charts: vec![Category { title: "Series".into(), charts: vec![chart] }],
    };
    write_json(&run.config(), &terms)?;
    lock.keep();

    let mut recorder = Recorder::open(&run, Beginning::Fresh, &Origin::here(), Nobody, SystemTime::now())?;
    recorder.introduce(&hparams, SystemTime::now());
    let (started, mut sum, mut next) = (Instant::now(), 0.0, 1);
    for term in 0..terms {
        sum += if term % 2 == 0 { 4.0 } else { -4.0 } / (2 * term + 1) as f64;
        if term + 1 == next || term + 1 == terms {
            let error = (sum - std::f64::consts::PI).abs();
            let record = Record::at(term + 1, started.elapsed().as_secs_f64()).with(ERROR, error);
            recorder.record(&record, SystemTime::now())?;
            next *= 10;
        }
    }
    recorder.conclude(terms, SystemTime::now());
    recorder.finish()?;

    for line in read_metrics(&RunFolder::open(run.path())?.metrics())? {
        println!("after {:>9} terms: {:.1e} from π", line.step, line.scalars[ERROR].unwrap_or(f64::NAN));
    }
    println!("curves: tensorboard --logdir {}", runs.display());
    Ok(())
}
