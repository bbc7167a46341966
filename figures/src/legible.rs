//! Check that all texts of a picture can be read, as its renderer places them.

use resvg::usvg::{Group, Node, Options, Rect, Tree};

use super::font;

/// Adds each text of a picture with the rectangle that it covers, as the renderer finds it.
fn boxes(group: &Group, found: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => boxes(group, found),
            Node::Text(text) => {
                let words = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((words, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
}

/// Panics where a text of a picture leaves it, or lies upon another.
pub fn assert_legible(svg: &str, what: &str) {
    let options = Options { fontdb: font::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).expect("an SVG");
    let mut found = Vec::new();
    boxes(tree.root(), &mut found);
    assert!(found.len() > 8, "{what} has no text");
    let size = tree.size();
    for (index, (text, area)) in found.iter().enumerate() {
        let within =
            area.left() >= 0.0 && area.top() >= 0.0 && area.right() <= size.width() && area.bottom() <= size.height();
        assert!(within, "{what}: {text:?} leaves the picture: {area:?}");
        for (other, another) in &found[index + 1..] {
            let apart = area.right() <= another.left()
                || another.right() <= area.left()
                || area.bottom() <= another.top()
                || another.bottom() <= area.top();
            assert!(apart, "{what}: {text:?} and {other:?} overlap");
        }
    }
}
