//! Page of the report, made from its parts.

use gridworld_agents::AgentName;
use gridworld_envs::Description;
use gridworld_figures::Figure;
use gridworld_figures::trainings::{Album, draw};
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;

use super::assets::{ASSUMPTIONS, ENGINE, INTERFACE, PLAYER, STYLE, TEMPLATE, can_play, script_hashes};
use super::configuration;
use super::group::Group;
use super::html::{Html, fill};
use super::markdown;
use super::player::{PagePlayer, document};
use super::results::results;
use super::scores::columns;
use crate::figure_data::trainings;
use crate::run::configuration::command;
use crate::run::version::{REVISION, VERSION};

/// Most bytes of a page: one that is to be sent around must not be larger.
const LARGEST: usize = 3_000_000;

/// The page and what is in it.
pub struct Page {
    /// Contents of the file.
    pub text: String,
    /// The runs whose agents play.
    pub players: Vec<String>,
    /// The runs whose agents would play if there was room.
    pub without: Vec<String>,
    /// The environments whose rules the page does not have.
    pub unplayable: Vec<&'static str>,
}

/// A part of the page with a heading.
struct Section {
    /// Name of the section in addresses.
    id: &'static str,
    title: &'static str,
    body: Html,
}

impl Page {
    /// Makes the page of these groups.
    ///
    /// # Errors
    /// If a checkpoint cannot be read, or the ceiling cannot be played.
    pub fn of(groups: &[Group]) -> Result<Page, CliError> {
        let environments = environments(groups);
        let playable = best_first(groups);
        let players =
            playable.iter().map(|group| PagePlayer::of(group, environments.len())).collect::<Result<Vec<_>, _>>()?;
        let mut sections = vec![
            Section { id: "player-section", title: "The agents at work", body: Html::default() },
            Section { id: "results", title: "Success by T", body: success(groups)? },
            Section { id: "figures", title: "Figures", body: pictures(groups)? },
            Section { id: "runs", title: "Runs", body: configuration::runs(groups) },
            Section { id: "configuration", title: "Settings", body: configuration::settings(groups) },
            Section { id: "assumptions", title: "Assumptions", body: assumptions() },
        ];
        let empty = assemble(groups, &sections, "[]").len() + PLAYER.len() + LARGEST / 100;
        let (document, fitting, left) = document(&players, LARGEST.saturating_sub(empty))?;
        let names = |players: &[&PagePlayer]| players.iter().map(|player| player.run.clone()).collect::<Vec<_>>();
        let (players, without) = (names(&fitting), names(&left));
        sections[0].body = player(&playable, &players, &without);
        let unplayable: Vec<&str> =
            environments.iter().map(|known| known.id).filter(|environment| !can_play(environment)).collect();
        for environment in &unplayable {
            sections[0].body.element(
                "<p>Agents cannot be played in ",
                environment,
                ": this page does not have its rules.</p>\n",
            );
        }
        Ok(Page { text: assemble(groups, &sections, &document), players, without, unplayable })
    }
}

/// The groups whose agents play in the page: environment by environment, those that reach the largest T first.
fn best_first(groups: &[Group]) -> Vec<&Group> {
    let mut ranked = Vec::new();
    for environment in environments(groups).into_iter().filter(|environment| can_play(environment.id)) {
        let mut own = of(groups, environment);
        own.sort_by(|a, b| {
            let ((a, a_success), (b, b_success)) = (a.rank(), b.rank());
            b.cmp(&a).then(b_success.total_cmp(&a_success))
        });
        ranked.extend(own);
    }
    ranked
}

/// Lists the environments of the groups, each once.
fn environments(groups: &[Group]) -> Vec<&Description> {
    let mut all: Vec<&Description> = groups.iter().map(|group| group.environment().description()).collect();
    all.dedup();
    all
}

/// Lists the groups of one environment.
fn of<'a>(groups: &'a [Group], environment: &Description) -> Vec<&'a Group> {
    groups.iter().filter(|group| group.environment().id() == environment.id).collect()
}

/// Writes the results, environment by environment.
fn success(groups: &[Group]) -> Result<Html, CliError> {
    let mut html = Html::default();
    for environment in environments(groups) {
        let own = of(groups, environment);
        if own.len() < groups.len() {
            html.element("<h3>", environment.id, "</h3>\n").element("<p>", environment.summary, ".</p>\n");
        }
        html.html(&results(&own, &columns(&own)?));
    }
    Ok(html)
}

/// The figures, environment by environment, and what is left out of them.
fn pictures(groups: &[Group]) -> Result<Html, CliError> {
    let mut html = Html::default();
    for environment in environments(groups) {
        let own = of(groups, environment);
        if own.len() < groups.len() {
            html.element("<h3>", environment.id, "</h3>\n");
        }
        match trainings(&own.iter().map(|group| &group.kind).collect::<Vec<_>>()) {
            Ok(trainings) => album(&mut html, &draw(&trainings, &[]).map_err(CliError::failed)?, environment.id),
            // Too many kinds, or numbers that mean different things: the tables have them all the same.
            Err(reason) => drop(html.element("<p>There are no figures: ", reason.to_string(), ".</p>\n")),
        }
    }
    Ok(html)
}

fn album(html: &mut Html, album: &Album, environment: &str) {
    html.markup("<div class=\"figures\">\n");
    for Figure { name, title, svg, .. } in &album.figures {
        html.element("<figure tabindex=\"0\" aria-label=\"", title, "\">")
            .element("<figcaption>", title, " <small>(scroll sideways)</small></figcaption>")
            .picture(&apart(svg, name, environment))
            .markup("</figure>\n");
    }
    html.markup("</div>\n");
    if !album.missing.is_empty() {
        html.markup("<ul>\n");
        for missing in &album.missing {
            markdown::inline(html.markup("<li>"), &missing.line());
            html.markup("</li>\n");
        }
        html.markup("</ul>\n");
    }
}

/// A figure whose ids are not those of the same figure of another environment.
fn apart(svg: &str, figure: &str, environment: &str) -> String {
    let own = format!("{environment}-{figure}-");
    let places =
        ["id=\"", "url(#", "aria-labelledby=\""].map(|place| (format!("{place}{figure}-"), format!("{place}{own}")));
    let renamed = places.into_iter().fold(svg.to_owned(), |svg, (from, to)| svg.replace(&from, &to));
    renamed.replace(&format!(" {figure}-description\""), &format!(" {own}description\""))
}

/// Writes the player, which shows the first of `ranked` until another agent is chosen, and the agents that have none.
fn player(ranked: &[&Group], players: &[String], without: &[String]) -> Html {
    let mut html = Html::default();
    if let (Some(best), false) = (ranked.first(), players.is_empty()) {
        if let (Some(reach), true) = (best.rank().0, ranked.len() > 1) {
            html.element("<p>The best agent comes first: <strong>", best.name(), "</strong>, ");
            html.element("with at least 99&nbsp;% success up to T = ", grouped(u64::from(reach)), ".</p>\n");
        }
        html.markup(PLAYER);
    }
    if !without.is_empty() {
        html.element("<p>No room for the weights of ", without.join(", "), ": a report of fewer runs has them.</p>\n");
    }
    html
}

fn assumptions() -> Html {
    let mut html = Html::default();
    html.markup("<details><summary>Choices that the paper leaves open, and why they were made so</summary>\n");
    html.html(&markdown::render(ASSUMPTIONS)).markup("</details>\n");
    html
}

/// Lists the agents' names, once each.
fn agents(groups: &[Group]) -> String {
    let named = |agent: &AgentName| groups.iter().any(|group| group.agent() == *agent);
    AgentName::ALL.into_iter().filter(named).map(AgentName::as_str).collect::<Vec<_>>().join(", ")
}

/// Writes the subject of the page, in a sentence.
fn lead(groups: &[Group]) -> String {
    let runs: usize = groups.iter().map(|group| group.runs().len()).sum();
    let seeds = if runs == 1 { "One run".to_owned() } else { format!("{runs} runs") };
    let tasks: Vec<String> =
        environments(groups).iter().map(|known| format!("{}: {}", known.id, known.summary)).collect();
    format!("{seeds} of {}. {}.", agents(groups), tasks.join(". "))
}

fn text(text: impl AsRef<str>) -> String {
    let mut html = Html::default();
    html.text(text).as_str().to_owned()
}

fn assemble(groups: &[Group], sections: &[Section], players: &str) -> String {
    let (mut nav, mut body) = (Html::default(), Html::default());
    for Section { id, title, body: own } in sections {
        nav.element("<li><a href=\"#", id, "\">").element("", title, "</a></li>");
        body.element("<section id=\"", id, "\">").element("<h2 id=\"", id, "-title\">").element("", title, "</h2>\n");
        body.html(own).markup("</section>\n");
    }
    fill(TEMPLATE, |name| match name {
        "hashes" => script_hashes(),
        "version" => VERSION.to_owned(),
        "revision" => text(REVISION),
        "title" => text(format!("Can they count? {}", agents(groups))),
        "lead" => text(lead(groups)),
        "style" => STYLE.to_owned(),
        "nav" => nav.as_str().to_owned(),
        "sections" => body.as_str().to_owned(),
        "command" => text(command()),
        "players" => players.to_owned(),
        "engine" => ENGINE.to_owned(),
        "interface" => INTERFACE.to_owned(),
        other => unreachable!("the template has no place called {other}"),
    })
}
