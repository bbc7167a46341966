//! Colours, or none.

use ratatui::style::{Color, Modifier, Style};

/// Whether there are colours. Nothing is said by colour alone: letters, words and weights say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen that every terminal has, as its user chose them.
    Colours,
    /// Bold, dim and reversed, and no colour.
    Plain,
}

impl Palette {
    /// As everything else that is written ([`crate::terminal::colour`]).
    pub fn detect() -> Palette {
        if console::colors_enabled() { Palette::Colours } else { Palette::Plain }
    }

    fn choose(self, coloured: Style, plain: Style) -> Style {
        match self {
            Palette::Colours => coloured,
            Palette::Plain => plain,
        }
    }

    /// The cell of the agent.
    pub fn agent(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::Black).bg(Color::Gray), bold.add_modifier(Modifier::REVERSED))
    }

    /// The cell of the target.
    pub fn target(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::White).bg(Color::Red), bold)
    }

    /// Lines of the board, and what matters less.
    pub fn faint(self) -> Style {
        self.choose(Style::new().fg(Color::DarkGray), Style::new().add_modifier(Modifier::DIM))
    }

    /// Lines of the board in a flash.
    pub fn flash(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::White), bold)
    }

    /// Headings, and keys.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The bar at the top.
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A colour of an image (red, green, blue), in the cube of 216 that most terminals have.
    pub fn colour(self, colour: [u8; 3]) -> Style {
        let [red, green, blue] = colour.map(|part| (u16::from(part) * 5 / 255) as u8);
        self.choose(Style::new().fg(Color::Indexed(16 + 36 * red + 6 * green + blue)), Style::new())
    }

    /// Bars and curves.
    pub fn bar(self) -> Style {
        self.choose(Style::new().fg(Color::Cyan), Style::new())
    }

    /// The bar of what was chosen.
    pub fn chosen(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.choose(bold.fg(Color::Cyan), bold)
    }

    /// Success: blue, which the colour-blind tell from the yellow of a miss, and never green and red.
    pub fn success(self) -> Style {
        self.outcome(Color::LightBlue)
    }

    /// No success.
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
