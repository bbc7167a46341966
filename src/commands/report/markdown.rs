//! Reader of as much Markdown as docs/assumptions.md is written in: headings, paragraphs, tables, code and links.

use super::html::Html;

/// Renders the page's text as HTML. Its title is left out, and its headings are one level lower; links that lead to
/// other files are shown as text, as there are no other files.
pub fn render(text: &str) -> Html {
    let mut html = Html::default();
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        if let Some(heading) = block.strip_prefix("## ") {
            inline(html.markup("<h3>"), heading);
            html.markup("</h3>\n");
        } else if block.starts_with('|') {
            table(&mut html, block);
        } else if !block.starts_with("# ") {
            inline(html.markup("<p>"), block);
            html.markup("</p>\n");
        }
    }
    html
}

/// Renders a table: a head, a rule, and rows.
fn table(html: &mut Html, block: &str) {
    html.markup("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of assumptions\"><table class=\"prose cards\">\n");
    let heads = block.lines().next().map(cells).unwrap_or_default();
    for (index, line) in block.lines().enumerate().filter(|(index, _)| *index != 1) {
        html.markup("<tr>");
        for (cell, head) in cells(line).iter().zip(&heads) {
            if index == 0 {
                inline(html.markup("<th scope=\"col\">"), cell.trim());
                html.markup("</th>");
            } else {
                html.element("<td data-label=\"", head.trim(), "\">");
                inline(html, cell.trim());
                html.markup("</td>");
            }
        }
        html.markup("</tr>\n");
    }
    html.markup("</table></div>\n");
}

/// The cells of a row; a bar after a backslash is part of a cell.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'|') => cells.last_mut().expect("a cell").extend(characters.next()),
            '|' => cells.push(String::new()),
            _ => cells.last_mut().expect("a cell").push(character),
        }
    }
    cells
}

/// Renders a line's text, its code and its links.
pub fn inline(html: &mut Html, text: &str) {
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            html.element("<code>", part, "</code>");
        } else {
            links(html, part);
        }
    }
}

/// `[words](address)`: words alone, unless the address is one of the web.
fn links(html: &mut Html, text: &str) {
    let Some((before, rest)) = text.split_once('[') else {
        html.text(text);
        return;
    };
    let link = rest.split_once("](").and_then(|(words, rest)| Some((words, rest.split_once(')')?)));
    let Some((words, (address, after))) = link else {
        html.text(text);
        return;
    };
    html.text(before);
    if address.starts_with("https://") {
        html.element("<a href=\"", address, "\">").element("", words, "</a>");
    } else {
        html.text(words);
    }
    links(html, after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_is_written_in_is_understood() {
        let text = "# Title\n\nOne `a < b`\nof [two](two.md), [three](https://x.y).\n\n## Part\n\n| what | why |\n|---|---|\n| 1 \\| 2 | |\n";
        let html = render(text);
        let expected = "<p>One <code>a &lt; b</code>\nof two, <a href=\"https://x.y\">three</a>.</p>\n<h3>Part</h3>\n";
        assert!(html.as_str().starts_with(expected), "{}", html.as_str());
        assert!(html.as_str().contains("<tr><th scope=\"col\">what</th><th scope=\"col\">why</th></tr>"));
        assert_eq!(cells("| a \\| b | |"), [" a | b ", " "]);
        assert_eq!(render("[not a link] (x)").as_str(), "<p>[not a link] (x)</p>\n");
    }

    #[test]
    fn the_assumptions_leave_no_markup_behind() {
        let html = render(include_str!("../../../docs/assumptions.md"));
        assert!(html.as_str().matches("<table").count() >= 4);
        for mark in ["](", "`", "|---", "## "] {
            assert!(!html.as_str().contains(mark), "{mark}");
        }
        // Every row of a table is as wide as its head.
        for table in html.as_str().split("<table").skip(1) {
            let rows =
                table.split("<tr>").skip(1).map(|row| row.matches("</td>").count() + row.matches("</th>").count());
            let widths: Vec<usize> = rows.collect();
            assert!(widths.len() > 1 && widths.iter().all(|width| *width == widths[0]), "{table}");
        }
    }
}
