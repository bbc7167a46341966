//! The results and the curves of a training that TensorBoard shows side by side.

use gridworld_agents::training::Tag;
use gridworld_records::{Category, Chart, Score};

/// The results that stand beside the hyperparameters.
pub fn scores() -> Vec<Score> {
    let score = |tag: Tag, description: &'static str| Score { name: tag.name(), description: description.into() };
    vec![
        score(
            Tag::EvalSuccessTrain,
            "success over all T trained on, of feasible episodes, with the most probable actions",
        ),
        score(Tag::EvalSuccessBeyond, "success beyond the training range, at T = 1.6 × the largest T trained on"),
        score(Tag::Success, "success in training, where actions are sampled"),
        score(Tag::EpisodicReturn, "mean return in training"),
        score(Tag::StepsPerSecond, "environment steps per second, over all workers"),
    ]
}

/// Gives the charts, in their categories.
pub fn charts() -> Vec<Category> {
    let chart =
        |title: &'static str, tags: &[Tag]| Chart::of(title, &tags.iter().map(|tag| tag.name()).collect::<Vec<_>>());
    let category = |title: &'static str, charts| Category { title: title.into(), charts };
    let by_instruction = Chart { title: "by T, greedy".into(), names: vec![r"^eval/success_T\d+$".to_owned()] };
    let both = chart("training T: greedy and sampled", &[Tag::EvalSuccessTrain, Tag::Success]);
    vec![
        category(
            "Success",
            vec![both, chart("beyond the training T, greedy", &[Tag::EvalSuccessBeyond]), by_instruction],
        ),
        category(
            "Learning",
            vec![
                chart("return", &[Tag::EpisodicReturn]),
                chart("episode length", &[Tag::EpisodicLength]),
                chart("losses", &[Tag::PolicyLoss, Tag::ValueLoss]),
                chart("entropy", &[Tag::Entropy]),
                chart("gradient norm", &[Tag::GradientNorm]),
            ],
        ),
        category(
            "Progress",
            vec![chart("steps per second", &[Tag::StepsPerSecond]), chart("learning rate", &[Tag::LearningRate])],
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
            Tag::EpisodicLength,
            Tag::Success,
            Tag::StepsPerSecond,
            Tag::LearningRate,
            Tag::PolicyLoss,
            Tag::ValueLoss,
            Tag::Entropy,
            Tag::GradientNorm,
            Tag::EvalSuccessTrain,
            Tag::EvalSuccessBeyond,
        ] {
            assert!(expressions.contains(&format!("^{tag}$")), "{tag}");
        }
        let digits = Tag::EvalSuccess(12).to_string().replace("12", r"\d+");
        assert!(expressions.contains(&format!("^{digits}$")));
    }
}
