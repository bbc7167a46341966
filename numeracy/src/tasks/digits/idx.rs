//! The files of MNIST: LeCun's IDX format, plain or compressed with gzip.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::{DigitsError, SIDE};

/// The magic number of a file of bytes in three dimensions: images, rows, columns.
const IMAGES: u32 = 0x803;
/// The magic number of a file of bytes in one dimension: labels.
const LABELS: u32 = 0x801;
/// First two bytes of a file that gzip compressed.
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// Number of images that no file of digits has; a header that says more is wrong.
const MOST: usize = 10_000_000;

/// Images of digits, with the digit that each shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// `[images, 28, 28]`, row by row, from 0 (paper) to 255 (ink).
    pub pixels: Vec<u8>,
    /// The digit of each image, 0 to 9.
    pub labels: Vec<u8>,
}

impl Labelled {
    /// Reads the files `{prefix}-images-idx3-ubyte` and `{prefix}-labels-idx1-ubyte` of `folder`, or with a dot,
    /// `{prefix}-images.idx3-ubyte`; where both are missing, the same with `.gz`. A file may be compressed under any of
    /// these names.
    ///
    /// # Errors
    /// If a file is missing, cannot be read, is not in the format of MNIST, or the two have not as many entries as each
    /// other.
    pub fn read(folder: &Path, prefix: &str) -> Result<Labelled, DigitsError> {
        let images = find(folder, &format!("{prefix}-images"), "idx3-ubyte")?;
        let (count, pixels) = open(&images)?.images()?;
        let labels = find(folder, &format!("{prefix}-labels"), "idx1-ubyte")?;
        let mut file = open(&labels)?;
        let found = file.labels()?;
        if found.len() != count {
            let reason = format!("has {} labels, but {} has {count} images", found.len(), images.display());
            return Err(file.wrong(reason));
        }
        if let Some((index, label)) = found.iter().enumerate().find(|(_, label)| **label > 9) {
            return Err(file.wrong(format!("has a label {label} at index {index}; labels must be from 0 to 9")));
        }
        Ok(Labelled { pixels, labels: found })
    }

    /// Gives the number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Tells if there are no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Gives the images of these indices, with their labels.
    pub fn of(&self, indices: impl Iterator<Item = usize> + Clone) -> Labelled {
        Labelled {
            pixels: indices.clone().flat_map(|index| self.image(index)).copied().collect(),
            labels: indices.map(|index| self.labels[index]).collect(),
        }
    }

    /// Gives the pixels of image `index`.
    #[must_use]
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * SIDE * SIDE..][..SIDE * SIDE]
    }
}

/// Returns the first file there is of `stem-kind` and `stem.kind`, without `.gz` and with it.
fn find(folder: &Path, stem: &str, kind: &str) -> Result<PathBuf, DigitsError> {
    let [published, dotted] = ["-", "."].map(|between| format!("{stem}{between}{kind}"));
    let names = ["", ".gz"].into_iter().flat_map(|ending| [&published, &dotted].map(|name| format!("{name}{ending}")));
    let found = names.map(|name| folder.join(name)).find(|path| path.is_file());
    found.ok_or_else(|| DigitsError::Missing { path: folder.join(&published), dotted })
}

/// A file that is being read.
struct Source {
    path: PathBuf,
    bytes: Box<dyn Read>,
}

fn open(path: &Path) -> Result<Source, DigitsError> {
    let failed = |source| DigitsError::Io { path: path.to_owned(), source };
    let mut file = io::BufReader::new(File::open(path).map_err(failed)?);
    // By what it holds: browsers decompress and keep the name, and archives lose the ending.
    let compressed = file.fill_buf().map_err(failed)?.starts_with(&GZIP);
    let bytes: Box<dyn Read> = if compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Source { path: path.to_owned(), bytes })
}

impl Source {
    /// Reads the number of images, and their pixels.
    fn images(&mut self) -> Result<(usize, Vec<u8>), DigitsError> {
        self.magic(IMAGES, "images")?;
        let count = self.count()?;
        let (rows, columns) = (self.word()?, self.word()?);
        if (rows as usize, columns as usize) != (SIDE, SIDE) {
            return Err(self.wrong(format!("has images of {rows} × {columns} pixels, not {SIDE} × {SIDE}")));
        }
        Ok((count, self.rest(count * SIDE * SIDE)?))
    }

    /// Reads the labels of the images.
    fn labels(&mut self) -> Result<Vec<u8>, DigitsError> {
        self.magic(LABELS, "labels")?;
        let count = self.count()?;
        self.rest(count)
    }

    fn magic(&mut self, expected: u32, of_what: &str) -> Result<(), DigitsError> {
        let magic = self.word()?;
        if magic != expected {
            return Err(
                self.wrong(format!("begins with {magic:#010x}; a file of {of_what} begins with {expected:#010x}"))
            );
        }
        Ok(())
    }

    fn count(&mut self) -> Result<usize, DigitsError> {
        match self.word()? as usize {
            0 => Err(self.wrong("is empty".to_owned())),
            count if count > MOST => Err(self.wrong(format!("announces {count} images, more than {MOST}"))),
            count => Ok(count),
        }
    }

    fn word(&mut self) -> Result<u32, DigitsError> {
        let mut word = [0; 4];
        self.bytes.read_exact(&mut word).map_err(|source| self.failed(source))?;
        Ok(u32::from_be_bytes(word))
    }

    /// Reads `length` bytes, and then the end. Room is made as they come: a header's word is no reason to reserve
    /// memory.
    fn rest(&mut self, length: usize) -> Result<Vec<u8>, DigitsError> {
        let mut bytes = Vec::new();
        let read = self.bytes.by_ref().take(length as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|source| self.failed(source))?;
        if bytes.len() > length {
            return Err(self.wrong(format!("is longer than the {length} bytes that its header announces")));
        }
        if bytes.len() < length {
            let reason = format!("is cut off: {} of {length} bytes", bytes.len());
            return Err(self.wrong(reason));
        }
        Ok(bytes)
    }

    fn failed(&self, source: io::Error) -> DigitsError {
        if source.kind() == io::ErrorKind::UnexpectedEof {
            return self.wrong("is cut off".to_owned());
        }
        DigitsError::Io { path: self.path.clone(), source }
    }

    fn wrong(&self, reason: String) -> DigitsError {
        DigitsError::Wrong { path: self.path.clone(), reason }
    }
}
