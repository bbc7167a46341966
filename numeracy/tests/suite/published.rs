//! The settings of the published experiments, as the papers and their programs have them.

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::schedule::Sparsity;
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::StopRule;
use gridworld_numeracy::tasks::language::{LanguageConfig, LanguageModel};
use gridworld_numeracy::tasks::recurrent_arithmetic::{RecurrentConfig, RecurrentModel};
use gridworld_numeracy::tasks::single_layer::SingleConfig;
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;

const ADD: Operation = Operation::Add;

#[test]
fn sums_of_subsets_have_the_regularizers_of_table_4() {
    // Madsen & Johansen 2020: λ̂ = 0.01 from 5,000 to 50,000 for the NAU, 10 from one to two millions for the NMU, none for
    // NAC, NALU and a linear layer; Adam's 10⁻³ for all.
    let none = Sparsity::NONE;
    let product = Sparsity { weight: 10.0, ramp: (1_000_000, 2_000_000) };
    for (cell, below, expected) in [
        (CellName::Nau, CellName::Nau, Sparsity { weight: 0.01, ramp: (5_000, 50_000) }),
        (CellName::Nmu, CellName::Nau, product),
        (CellName::Nac, CellName::Nac, none),
        (CellName::NacMul, CellName::Nac, none),
        (CellName::Nalu, CellName::Nalu, none),
        (CellName::Dense(Activation::Linear), CellName::Dense(Activation::Linear), none),
        (CellName::Nmru, CellName::Nau, product),
        (CellName::RealNpu, CellName::Nau, none),
    ] {
        let config = StaticConfig::published(ADD, cell, 5_000_000);
        assert_eq!((config.first, config.sparsity), (below, expected), "{cell}");
        assert_eq!([0, 100, 5_000_000].map(|at| config.learning_rate.at(at)), [1e-3; 3], "{cell}");
        assert_eq!(
            (config.interpolation.to_string(), config.extrapolation.to_string()),
            ("U[1, 2]".into(), "U[2, 6]".into())
        );
    }
}

#[test]
fn fewer_updates_bring_the_regularizer_sooner() {
    let config = StaticConfig::published(Operation::Mul, CellName::Nmu, 500_000);
    assert_eq!(config.sparsity.ramp, (100_000, 200_000), "a fifth and two fifths");
    let late = StaticConfig::published(Operation::Mul, CellName::Nmu, 5_000_000).late();
    assert_eq!((late.sparsity.weight, late.sparsity.ramp), (10.0, (2_000_000, 3_000_000)), "a million later");
}

#[test]
fn ours_for_quotients_decides_in_the_seventh_tenth_and_then_falls_to_its_last_rate() {
    for cell in [CellName::Quotient, CellName::Root] {
        let config = StaticConfig::published(Operation::Div, cell, 1_000_000);
        assert_eq!(config.sparsity, Sparsity { weight: 1.0, ramp: (600_000, 700_000) });
        let rates = [0, 600_000, 700_000, 1_000_000].map(|at| config.learning_rate.at(at));
        assert!(
            rates.iter().zip([1e-3, 1e-4, 1e-4, 1e-7]).all(|(found, expected)| (found / expected - 1.0).abs() < 1e-9)
        );
        assert_eq!((config.first, config.until), (CellName::NauHalf, StopRule::Converged));
    }
}

#[test]
fn pairs_have_the_settings_of_the_published_programs() {
    // Weight, ramp and step size for 50,000 updates.
    for (cell, weight, ramp, rate, clip) in [
        (CellName::Nau, 0.01, (20_000, 35_000), 1e-3, None),
        (CellName::Nmu, 10.0, (20_000, 35_000), 1e-3, None),
        (CellName::INalu, 0.05, (20_000, 35_000), 1e-3, None),
        (CellName::Nmru, 10.0, (20_000, 35_000), 1e-2, Some(1.0)),
        (CellName::RealNpu, 0.0, (0, 0), 5e-3, None),
        (CellName::RealNpuWhole, 1.0, (40_000, 50_000), 5e-3, None),
        (CellName::Quotient, 1.0, (40_000, 50_000), 5e-3, None),
        (CellName::Nalu, 0.0, (0, 0), 1e-3, None),
    ] {
        let config = SingleConfig::published(ADD, cell, 50_000);
        assert_eq!((config.sparsity.weight, config.sparsity.ramp, config.clip), (weight, ramp, clip), "{cell}");
        assert_eq!((config.learning_rate.at(0), config.learning_rate.at(50_000)), (rate, rate), "{cell}");
        assert_eq!(config.until, StopRule::Last, "every update is made");
        let short = SingleConfig::published(ADD, cell, 5_000);
        assert_eq!(short.sparsity.ramp, (ramp.0 / 10, ramp.1 / 10), "{cell}: the same parts of fewer updates");
    }
}

#[test]
fn sequences_keep_adams_step_size_but_for_running_sums() {
    let of = |model| RecurrentConfig::new(ADD, model, 2, 200_000);
    for model in [RecurrentModel::Lstm, RecurrentModel::Gru, RecurrentModel::Cell(CellName::Nalu)] {
        let config = of(model);
        assert_eq!((config.shortest, config.sparsity, config.learning_rate.at(199_999)), (10, Sparsity::NONE, 1e-3));
    }
    let nau = of(RecurrentModel::Cell(CellName::Nau));
    assert_eq!((nau.sparsity.weight, nau.sparsity.ramp), (1e-4, (10_000, 100_000)));
    let ours = of(RecurrentModel::RunningSum(CellName::Nmu));
    assert_eq!((ours.shortest, ours.sparsity.ramp, ours.learning_rate.at(100_000)), (1, (100_000, 160_000), 8e-3));
    assert!((ours.learning_rate.at(200_000) / 8e-7 - 1.0).abs() < 1e-9);
}

#[test]
fn words_are_learned_with_a_rate_that_falls_to_a_hundredth_in_the_second_half() {
    for (model, rate) in [(LanguageModel::Register, 0.1), (LanguageModel::Last(CellName::Nac), 0.01)] {
        let config = LanguageConfig::new(model, 32, 1000);
        let found = [0, 500, 750, 1000].map(|at| config.learning_rate.at(at) / rate);
        // Half-way between 1 and a hundredth, exponentially, is a tenth.
        assert!(found.iter().zip([1.0, 1.0, 0.1, 0.01]).all(|(found, expected)| (found - expected).abs() < 1e-12));
    }
}

#[test]
fn every_cell_is_found_by_its_name_and_makes_what_is_asked_for() {
    let mut met = std::collections::BTreeSet::new();
    for (cell, name) in CellName::all() {
        assert!(met.insert(name), "{name} twice");
        assert_eq!((CellName::parse(name), cell.to_string().as_str()), (Some(cell), name));
        let made = cell.cell::<f32>(3, 2);
        assert_eq!((made.inputs(), made.outputs()), (3, 2), "{name}");
        let below = cell.below();
        assert_eq!(below.below(), below, "{name}: what is below reads inputs itself");
        let text = serde_json::to_string(&cell).unwrap();
        assert_eq!(text, format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<CellName>(&text).unwrap(), cell);
    }
    assert!(met.len() > 20 && serde_json::from_str::<CellName>("\"nothing\"").is_err());
}
