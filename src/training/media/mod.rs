//! Texts, pictures and histograms of a training in TensorBoard, beside its numbers.

mod hparams;
mod layout;
#[cfg(test)]
mod tests;

use std::slice;
use std::sync::Arc;

use gridworld_agents::training::{Record, Tag, model_parameters};
use gridworld_agents::{Model, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use gridworld_figures::style::styles;
use gridworld_figures::trainings::evaluation;
use gridworld_figures::{Png, png};
use gridworld_records::{Media, Picture, RunFolder, visible};
use gridworld_terminal::program::CliError;
use tch::Device;

use crate::figure_data::reserved;
use crate::replay::animation;
use crate::replay::renderer::Renderer;
use crate::run::accumulators::sum_weights;
use crate::run::configuration::RunConfig;
use crate::run::player::{Player, PolicyChoice};
use crate::run::trained_agent::Trained;
pub use hparams::hparams;

/// Most pictures of evaluations, and histograms with them, of a training: TensorBoard shows ten of a name unless it
/// is told otherwise, and drawing them must not be felt.
const PICTURES: u64 = 10;
/// Most animated episodes of a training.
const FILMS: u64 = 3;
/// Milliseconds for which a step is seen.
const DELAY: u16 = 250;
/// An episode of a greater T is not recorded: its file would be large.
const LONGEST: u32 = 100;

/// Maker of the exhibits of one training. What is shown when depends on nothing but steps, so that a resumed training
/// shows what it would have shown.
pub struct MediaLogger {
    folder: RunFolder,
    config: RunConfig,
    model: Arc<Model>,
    /// The evaluation of which there is to be more once its parameters are known: its step.
    due: Option<u64>,
}

impl MediaLogger {
    /// A curator for the training of `config` in `folder`.
    pub fn new(folder: RunFolder, config: RunConfig) -> MediaLogger {
        let model = Arc::new(Model::new(&config.config.model, &config.environment.task().spec()));
        MediaLogger { folder, config, model, due: None }
    }

    /// Gives the texts for the beginning, and for each time that a training goes on: its commands and its
    /// configuration.
    pub fn introduction(&self) -> Vec<Media> {
        let document = serde_json::to_string_pretty(&self.config).unwrap_or_default();
        let commands = self.config.commands.join("\n");
        vec![
            Media::Text { tag: "run/command".to_owned(), markdown: indented(&commands) },
            Media::Text { tag: "run/configuration".to_owned(), markdown: indented(&document) },
        ]
    }

    /// Draws the picture of an evaluation, if one is due.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn evaluated(&mut self, record: &Record) -> Result<Vec<Media>, CliError> {
        if record.get(Tag::EvalSuccessTrain).is_none() || !is_due(record.step, &self.config.config.training, PICTURES) {
            return Ok(Vec::new());
        }
        self.due = Some(record.step);
        let of_one = |&(tag, success): &(Tag, f64)| match tag {
            Tag::EvalSuccess(instruction) => Some((instruction, success)),
            _ => None,
        };
        let mut successes: Vec<(u32, f64)> = record.scalars.iter().filter_map(of_one).collect();
        successes.sort_by_key(|(instruction, _)| *instruction);
        if successes.is_empty() {
            return Ok(Vec::new());
        }
        let agent = self.config.config.agent.to_string();
        let style = styles(slice::from_ref(&agent), &reserved())[0];
        let svg = evaluation(&agent, &style, record.step, &successes);
        let Png { width, height, bytes } = png(&svg, 1.0).map_err(CliError::failed)?;
        let picture = Picture { width, height, bytes };
        Ok(vec![Media::Image { tag: "eval/success_by_T".to_owned(), picture }])
    }

    /// Makes the exhibits of the parameters of the last evaluation, if they are due.
    ///
    /// # Errors
    /// If the parameters are not this agent's, or an episode cannot be drawn.
    pub fn saved(&mut self, checkpoint: &Checkpoint) -> Result<Vec<Media>, CliError> {
        let Some(step) = self.due.take() else { return Ok(Vec::new()) };
        let parameters = model_parameters(checkpoint, &self.model).map_err(CliError::failed)?;
        let (folder, config, model) = (self.folder.clone(), self.config.clone(), Arc::clone(&self.model));
        let trained = Trained { folder, config, checkpoint: "last".to_owned(), steps: step, model, parameters };
        let histogram = |(input, values)| Media::Histogram { tag: format!("loop/weights_{input}"), values };
        let mut media: Vec<Media> = sum_weights(&trained).into_iter().map(histogram).collect();
        let longest = self.config.environment.instructions().last().copied().unwrap_or(1);
        if is_due(step, &self.config.config.training, FILMS) && longest <= LONGEST {
            media.push(record(trained, longest)?);
        }
        Ok(media)
    }
}

/// Tells if one of `count` equal parts of a training ends at the evaluation at `step`.
fn is_due(step: u64, training: &TrainingConfig, count: u64) -> bool {
    let TrainingConfig { steps, eval_interval, .. } = *training;
    // An evaluation is a little after its milestone, because rollouts are taken to their end.
    let milestone = if step >= steps { steps } else { step / eval_interval * eval_interval };
    let before = milestone.saturating_sub(1) / eval_interval * eval_interval;
    let part = |step: u64| u128::from(step) * u128::from(count) / u128::from(steps.max(1));
    part(milestone) > part(before)
}

/// Draws one greedy episode at T = `instruction`.
fn record(trained: Trained, instruction: u32) -> Result<Media, CliError> {
    let player = Player::trained(trained, PolicyChoice::Greedy, 0, Device::Cpu);
    let renderer = Renderer::new(player, "last");
    let replays = renderer.replays(instruction, 0, 1)?;
    let animated = animation::animation(&renderer, &replays, DELAY)?;
    let (width, height) = animated.size;
    let picture = Picture { width: width as u32, height: height as u32, bytes: animated.bytes };
    Ok(Media::Image { tag: format!("episode/T{instruction:02}"), picture })
}

/// Writes a text as a block of code in Markdown.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {}\n", visible(line))).collect()
}
