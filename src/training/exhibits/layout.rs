//! The results and the curves of a training that TensorBoard shows side by side.

use gridworld_agents::training::Tag;
use gridworld_records::{Category, Chart, Score};

/// The results that stand beside the hyperparameters.
pub fn scores() -> Vec<Score> {
    let score = |tag: Tag, description: &'static str| Score { name: tag.name(), description: description.into() };
    vec![
        score(Tag::EvalSuccessTrain, "greedy success on the T of the training, of the feasible"),
        score(Tag::Success, "success in training, where actions are sampled"),
        score(Tag::EpisodicReturn, "mean return in training"),
        score(Tag::StepsPerSecond, "environment steps a second, over all workers"),
    ]
}

/// Gives the charts, in their categories.
pub fn charts() -> Vec<Category> {
    let chart =
        |title: &'static str, tags: &[Tag]| Chart::of(title, &tags.iter().map(|tag| tag.name()).collect::<Vec<_>>());
    let category = |title: &'static str, charts| Category { title: title.into(), charts };
    let by_instruction = Chart { title: "greedy, by T".into(), names: vec![r"^eval/success_T\d+$".to_owned()] };
    let both = chart("on the T of the training: greedy, and sampled", &[Tag::EvalSuccessTrain, Tag::Success]);
    vec![
        category("Success", vec![both, by_instruction]),
        category(
            "Learning",
            vec![
                chart("return", &[Tag::EpisodicReturn]),
                chart("losses", &[Tag::PolicyLoss, Tag::ValueLoss]),
                chart("entropy", &[Tag::Entropy]),
                chart("gradient norm", &[Tag::GradientNorm]),
            ],
        ),
        category(
            "Progress",
            vec![chart("steps a second", &[Tag::StepsPerSecond]), chart("learning rate", &[Tag::LearningRate])],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_has_every_number_but_rollbacks() {
        let charts = charts().into_iter().flat_map(|category| category.charts);
        let expressions: Vec<String> = charts.flat_map(|chart| chart.names).collect();
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
