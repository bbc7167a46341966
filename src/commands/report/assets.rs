//! Parts that the page is made of beside its contents.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

/// The page, with places for what changes.
pub const TEMPLATE: &str = include_str!("page/template.html");
/// Player's part of the page.
pub const PLAYER: &str = include_str!("page/player.html");
/// Style sheet of the page.
pub const STYLE: &str = include_str!("page/style.css");
/// The choices behind the task and the training.
pub const ASSUMPTIONS: &str = include_str!("../../../docs/assumptions.md");

/// The network and the rules: what plays, without a page around it.
pub const ENGINE: &str = concat!(
    "\"use strict\";\n",
    include_str!("page/engine/base64.js"),
    include_str!("page/engine/linear.js"),
    include_str!("page/engine/board.js"),
    include_str!("page/engine/vision.js"),
    include_str!("page/engine/feedback.js"),
    include_str!("page/engine/agent.js"),
    include_str!("page/engine/tasks.js"),
    include_str!("page/engine/episode.js"),
);

/// Scripts that show the player and listen to people.
pub const INTERFACE: &str = concat!(
    "\"use strict\";\n",
    include_str!("page/interface/elements.js"),
    include_str!("page/interface/words.js"),
    include_str!("page/interface/stage.js"),
    include_str!("page/interface/gauges.js"),
    include_str!("page/interface/charts.js"),
    include_str!("page/interface/setup.js"),
    include_str!("page/interface/playback.js"),
    include_str!("page/interface/main.js"),
);

/// Tells whether the page's player has the rules of the environment `id`: it has its own, so that it checks the program's.
pub fn can_play(id: &str) -> bool {
    ENGINE.contains(&format!("\"{id}\": {{"))
}

/// The scripts as the page's policy names them: a browser runs these, and nothing else.
pub fn script_hashes() -> String {
    let hash = |script: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script)));
    [ENGINE, INTERFACE].map(hash).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_do_not_end_their_element() {
        for script in [ENGINE, INTERFACE] {
            assert!(!script.contains("</script") && !script.contains("<!--"));
        }
        assert!(!STYLE.contains("</style"));
    }
}
