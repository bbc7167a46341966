//! Text that becomes HTML: what comes from a run's files is escaped on every way in.

use gridworld_figures::svg::entity;
use gridworld_records::is_hidden;

/// Text of HTML in the making.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Adds markup, which is ours: only what was written in the source passes.
    pub fn markup(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, whatever is in it.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Html {
        self.0.push_str(&escape(text.as_ref()));
        self
    }

    /// Adds what is HTML already.
    pub fn html(&mut self, html: &Html) -> &mut Html {
        self.0.push_str(&html.0);
        self
    }

    /// Adds a picture of ours in SVG, whose texts are escaped already.
    pub fn picture(&mut self, svg: &str) -> &mut Html {
        self.0.push_str(svg);
        self
    }

    /// Adds an element with a text in it.
    pub fn element(&mut self, open: &'static str, text: impl AsRef<str>, close: &'static str) -> &mut Html {
        self.markup(open).text(text).markup(close)
    }

    /// Gives the text of HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text as HTML shows it, in an element or in a quoted attribute. Control characters, which HTML does not allow, and those
/// that turn the direction of writing are shown as the replacement character.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            _ if is_hidden(character) => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => match entity(character) {
                Some(entity) => escaped.push_str(entity),
                None => escaped.push(character),
            },
        }
    }
    escaped
}

/// A JSON document that can stand in a `script` element: nothing in it ends the element or begins a comment.
pub fn json(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    // These occur in strings only, where JSON allows the escape.
    Ok(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// Fills a template: each `{{name}}` in it is replaced by what `part` gives for the name. What is filled in is not
/// looked at again, so that it can contain braces.
///
/// # Panics
/// If the template has an opening without its end, which is a mistake in ours.
pub fn fill(template: &str, part: impl Fn(&str) -> String) -> String {
    let mut pieces = template.split("{{");
    let mut page = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").expect("a template's names are closed");
        page.push_str(&part(name));
        page.push_str(rest);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut html = Html::default();
        html.element("<td title=\"", "a\"'<b>&\u{1}\u{202e}", "\">").markup("</td>");
        assert_eq!(html.as_str(), "<td title=\"a&quot;&#39;&lt;b&gt;&amp;\u{fffd}\u{fffd}\"></td>");
    }

    #[test]
    fn a_document_does_not_end_its_element() {
        let written = json(&["</script><!--", "a & b"]).expect("JSON");
        assert!(!written.contains(['<', '>', '&']), "{written}");
        let read: Vec<String> = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read, ["</script><!--", "a & b"]);
    }

    #[test]
    fn what_is_filled_in_is_no_template() {
        let filled = fill("<{{a}}|{{b}}>", |name| format!("{{{{{name}}}}}"));
        assert_eq!(filled, "<{{a}}|{{b}}>");
    }
}
