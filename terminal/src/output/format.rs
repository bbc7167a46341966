//! The formats of files, and the endings of their names.

use std::path::Path;

/// The kinds of files that are written under names that users choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An animated GIF.
    Gif,
    /// A page of HTML for a browser.
    Html,
    /// A page of Markdown.
    Markdown,
    /// One JSON document.
    Json,
    /// A JSON document on each line.
    JsonLines,
}

impl Format {
    /// Describes a file in this format, with its article.
    #[must_use]
    pub fn described(self) -> &'static str {
        match self {
            Format::Gif => "a GIF",
            Format::Html => "a page of HTML",
            Format::Markdown => "a page of Markdown",
            Format::Json => "a JSON document",
            Format::JsonLines => "lines of JSON",
        }
    }

    /// The ending of its names, and others that say the same.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Format::Gif => &["gif"],
            Format::Html => &["html", "htm"],
            Format::Markdown => &["md", "markdown"],
            Format::Json => &["json"],
            Format::JsonLines => &["jsonl", "ndjson", "json"],
        }
    }
}

/// Endings by which programs know a format. Any other is a part of a name, such as `walk.v2`.
const KNOWN: &[&str] = &[
    "7z",
    "apng",
    "avi",
    "avif",
    "bmp",
    "bz2",
    "csv",
    "doc",
    "docx",
    "eps",
    "epub",
    "flac",
    "gif",
    "gz",
    "h5",
    "hdf5",
    "heic",
    "htm",
    "html",
    "ico",
    "ipynb",
    "jpeg",
    "jpg",
    "json",
    "jsonl",
    "lz4",
    "m4v",
    "markdown",
    "md",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "ndjson",
    "npy",
    "npz",
    "odt",
    "ogg",
    "ogv",
    "parquet",
    "pdf",
    "pickle",
    "pkl",
    "png",
    "ps",
    "pt",
    "pth",
    "rst",
    "rtf",
    "safetensors",
    "sqlite",
    "svg",
    "tar",
    "tex",
    "tgz",
    "tif",
    "tiff",
    "toml",
    "tsv",
    "wav",
    "webm",
    "webp",
    "wmv",
    "xhtml",
    "xls",
    "xlsx",
    "xml",
    "xz",
    "yaml",
    "yml",
    "zip",
    "zst",
];

/// The ending of a name, if it is that of a format other than `format`.
pub fn contradiction(path: &Path, format: Format) -> Option<String> {
    known_ending(path).filter(|ending| !format.endings().contains(&ending.as_str()))
}

/// The ending of a name, in small letters, if programs know a format by it.
pub fn known_ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    KNOWN.contains(&ending.as_str()).then_some(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_that_says_another_format_is_refused() {
        let other = |name, format| contradiction(Path::new(name), format);
        for (name, format) in [
            ("walk.mp4", Format::Gif),
            ("walk.PNG", Format::Gif),
            ("walk.gif.gz", Format::Gif),
            ("page.pdf", Format::Html),
            ("page.md", Format::Html),
            ("page.html", Format::Markdown),
            ("figures.jsonl", Format::Json),
            ("x.gif", Format::JsonLines),
            ("x.csv", Format::JsonLines),
        ] {
            let ending = name.rsplit('.').next().map(str::to_ascii_lowercase);
            assert_eq!(other(name, format), ending, "{name}");
        }
        for (name, format) in [
            ("walk.gif", Format::Gif),
            ("walk.GIF", Format::Gif),
            ("walk", Format::Gif),
            ("walk.v2", Format::Gif),
            (".mp4", Format::Gif),
            ("mp4", Format::Gif),
            ("page.htm", Format::Html),
            ("page.txt", Format::Markdown),
            ("x.json", Format::JsonLines),
            ("x.log", Format::JsonLines),
        ] {
            assert_eq!(other(name, format), None, "{name}");
        }
        let formats = [Format::Gif, Format::Html, Format::Markdown, Format::Json, Format::JsonLines];
        assert!(
            formats.into_iter().flat_map(Format::endings).all(|ending| KNOWN.contains(ending)) && KNOWN.is_sorted()
        );
    }
}
