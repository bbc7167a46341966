//! Styles of programs that take the whole screen, in colours or without.

use ratatui::style::{Color, Modifier, Style};

/// Choice between colours and none. Nothing is said by colour alone: letters, words and weights say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen colours that every terminal has, as its user chose them.
    Colours,
    /// Bold, dim and reversed, and no colour.
    Plain,
}

impl Palette {
    /// Chooses colours or none, as [`ColourChoice`](crate::ColourChoice) has it for everything else that is written.
    #[must_use]
    pub fn detect() -> Palette {
        if console::colors_enabled() { Palette::Colours } else { Palette::Plain }
    }

    fn choose(self, coloured: Style, plain: Style) -> Style {
        match self {
            Palette::Colours => coloured,
            Palette::Plain => plain,
        }
    }

    /// Gives the style of the agent's cell.
    #[must_use]
    pub fn agent(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::Black).bg(Color::Gray), bold.add_modifier(Modifier::REVERSED))
    }

    /// Gives the style of the target's cell.
    #[must_use]
    pub fn target(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::White).bg(Color::Red), bold)
    }

    /// Gives the style of the lines of the board, and of text that matters less.
    #[must_use]
    pub fn faint(self) -> Style {
        self.choose(Style::new().fg(Color::DarkGray), Style::new().add_modifier(Modifier::DIM))
    }

    /// Gives the style of the lines of the board in a flash.
    #[must_use]
    pub fn flash(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::White), bold)
    }

    /// Gives the style of headings and keys.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Gives the style of the bar at the top.
    #[must_use]
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Gives the style of a colour of an image (red, green, blue), in the cube of 216 that most terminals have.
    #[must_use]
    pub fn colour(self, colour: [u8; 3]) -> Style {
        let [red, green, blue] = colour.map(|part| (u16::from(part) * 5 / 255) as u8);
        self.choose(Style::new().fg(Color::Indexed(16 + 36 * red + 6 * green + blue)), Style::new())
    }

    /// Gives the style of bars and curves.
    #[must_use]
    pub fn bar(self) -> Style {
        self.choose(Style::new().fg(Color::Cyan), Style::new())
    }

    /// Gives the style of the action that was chosen, and of its bar.
    #[must_use]
    pub fn chosen(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::Cyan), bold)
    }

    /// Gives the style of success: blue, which the colour-blind tell from the yellow of a miss, and never green and
    /// red.
    #[must_use]
    pub fn success(self) -> Style {
        self.outcome(Color::LightBlue)
    }

    /// Gives the style of an episode without success: yellow.
    #[must_use]
    pub fn miss(self) -> Style {
        self.outcome(Color::Yellow)
    }

    fn outcome(self, colour: Color) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(colour), bold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_there_is_none() {
        let plain = Palette::Plain;
        let styles = [
            plain.agent(),
            plain.target(),
            plain.faint(),
            plain.flash(),
            plain.strong(),
            plain.title(),
            plain.bar(),
            plain.chosen(),
            plain.success(),
            plain.miss(),
        ];
        assert!(styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert!(Palette::Colours.target().bg.is_some());
    }
}
