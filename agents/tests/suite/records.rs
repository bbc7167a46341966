//! Records of a training, and the tags of their numbers.

use gridworld_agents::training::{Record, Tag};

#[test]
fn numbers_are_found_by_their_tags() {
    let record = Record { scalars: vec![(Tag::Success, 0.5), (Tag::PolicyLoss, -1.0)], ..Record::default() };
    assert_eq!((record.get(Tag::Success), record.get(Tag::Entropy)), (Some(0.5), None));
    assert!(!record.has_evaluation());
    let scalars = vec![(Tag::EvalSuccess(7), 1.0)];
    assert!(Record { scalars, ..Record::default() }.has_evaluation());
}

#[test]
fn tags_are_the_contract() {
    let tags = [
        (Tag::EpisodicReturn, "charts/episodic_return"),
        (Tag::EpisodicLength, "charts/episodic_length"),
        (Tag::Success, "charts/success"),
        (Tag::StepsPerSecond, "charts/SPS"),
        (Tag::LearningRate, "charts/learning_rate"),
        (Tag::Staleness, "charts/staleness"),
        (Tag::Rollbacks, "charts/rollbacks"),
        (Tag::PolicyLoss, "losses/policy"),
        (Tag::ValueLoss, "losses/value"),
        (Tag::Entropy, "losses/entropy"),
        (Tag::GradientNorm, "losses/grad_norm"),
        (Tag::EvalSuccess(5), "eval/success_T05"),
        (Tag::EvalSuccess(19), "eval/success_T19"),
        (Tag::EvalSuccess(1000), "eval/success_T1000"),
        (Tag::EvalSuccessTrain, "eval/success_train"),
        (Tag::EvalSuccessBeyond, "eval/success_beyond"),
    ];
    for (tag, name) in tags {
        assert_eq!(tag.to_string(), name);
        assert_eq!(tag.is_evaluation(), name.starts_with(Tag::EVALUATION));
        assert!(tag.description().ends_with('.'), "{tag}");
    }
}
