//! The files of MNIST, whole and broken.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use gridworld_numeracy::tasks::digits::{Dataset, DigitsError, DigitsOperation, Labelled};

use super::drawn;

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drawn::write(folder.path(), 30, 20);
    folder
}

fn labelled((pixels, labels): (Vec<u8>, Vec<u8>)) -> Labelled {
    Labelled { pixels, labels }
}

#[test]
fn what_was_written_is_read() {
    let folder = folder();
    let dataset = Dataset::read(folder.path()).unwrap();
    assert_eq!(dataset.train, labelled(drawn::digits(30, 1)));
    assert_eq!(dataset.test, labelled(drawn::digits(20, 2)));
    assert_eq!(dataset.digest().len(), 64);
}

/// The four files of MNIST, in two parts.
const FILES: [(&str, &str); 4] = [
    ("train-images", "idx3-ubyte"),
    ("train-labels", "idx1-ubyte"),
    ("t10k-images", "idx3-ubyte"),
    ("t10k-labels", "idx1-ubyte"),
];

/// Compresses bytes into one member of a gzip file.
fn member(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Compresses bytes into several members, as `cat a.gz b.gz` and parallel compressors make; the first ends within a
/// header.
fn members(bytes: &[u8]) -> Vec<u8> {
    let (first, rest) = bytes.split_at(6);
    let (second, third) = rest.split_at(rest.len() / 2);
    [first, second, third].map(member).concat()
}

#[test]
fn files_are_read_under_all_their_names_plain_and_compressed() {
    let written = folder();
    let digest = Dataset::read(written.path()).unwrap().digest();
    for (between, ending) in [("-", ""), (".", ""), ("-", ".gz"), (".", ".gz")] {
        for (number, pack) in [<[u8]>::to_vec, member, members].iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            for (stem, kind) in FILES {
                let bytes = fs::read(written.path().join(format!("{stem}-{kind}"))).unwrap();
                fs::write(folder.path().join(format!("{stem}{between}{kind}{ending}")), pack(&bytes)).unwrap();
            }
            let read = Dataset::read(folder.path()).unwrap_or_else(|error| panic!("{error}: packed in way {number}"));
            assert_eq!(read.digest(), digest, "idx{between}…{ending}, packed in way {number}");
        }
    }
}

#[test]
fn a_folder_of_the_name_is_no_file() {
    // Some archives have both.
    let folder = folder();
    let digest = Dataset::read(folder.path()).unwrap().digest();
    fs::rename(folder.path().join(IMAGES), folder.path().join("train-images.idx3-ubyte")).unwrap();
    fs::create_dir(folder.path().join(IMAGES)).unwrap();
    assert_eq!(Dataset::read(folder.path()).unwrap().digest(), digest);
}

#[test]
fn a_compressed_file_that_is_cut_off_or_spoilt_is_refused() {
    let folder = folder();
    let whole = fs::read(folder.path().join(IMAGES)).unwrap();
    let packed = members(&whole);
    for length in [packed.len() / 2, packed.len() - 4, member(&whole[..6]).len()] {
        fs::write(folder.path().join(IMAGES), &packed[..length]).unwrap();
        let said = refused(folder.path());
        assert!(said.contains("is cut off"), "{length} of {} bytes: {said}", packed.len());
    }
    let mut spoilt = packed.clone();
    // In the last member's checksum.
    *spoilt.iter_mut().nth_back(7).unwrap() ^= 1;
    fs::write(folder.path().join(IMAGES), &spoilt).unwrap();
    refused(folder.path());
}

/// Gives the error message about the files, which is one line and names a file.
fn refused(folder: &Path) -> String {
    let said = Dataset::read(folder).unwrap_err().to_string();
    assert!(said.contains("ubyte") && !said.contains('\n'), "{said}");
    said
}

#[test]
fn every_wrong_header_is_refused_by_name() {
    let folder = folder();
    let images = fs::read(folder.path().join(IMAGES)).unwrap();
    let labels = fs::read(folder.path().join(LABELS)).unwrap();
    let with = |bytes: &[u8], at: usize, word: u32| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + 4].copy_from_slice(&word.to_be_bytes());
        bytes
    };
    let cases = [
        (IMAGES, with(&images, 0, 0x801), "begins with 0x00000801"),
        (IMAGES, with(&images, 4, 0), "is empty"),
        // Half a terabyte: refused before anything is reserved for it.
        (IMAGES, with(&images, 4, u32::MAX), "more than 10000000"),
        (IMAGES, with(&images, 4, 9_000_000), "is cut off: 23520 of"),
        (IMAGES, with(&images, 4, 29), "is longer than"),
        (IMAGES, with(&images, 8, 27), "27 × 28 pixels"),
        (IMAGES, with(&images, 12, u32::MAX), "28 × 4294967295 pixels"),
        (IMAGES, images[..10].to_vec(), "is cut off"),
        (IMAGES, Vec::new(), "is cut off"),
        (LABELS, with(&labels, 0, 0x803), "begins with 0x00000803"),
        (LABELS, with(&labels, 4, 29), "is longer than"),
        (LABELS, with(&labels[..labels.len() - 1], 4, 29), "has 29 labels, but"),
        (LABELS, with(&labels, 8, 0x0001_020A), "label 10 at index 3"),
    ];
    for (name, bytes, expected) in cases {
        let whole = fs::read(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let said = refused(folder.path());
        assert!(said.contains(expected) && said.contains(name), "{expected}: {said}");
        fs::write(folder.path().join(name), whole).unwrap();
    }
    Dataset::read(folder.path()).unwrap();
    fs::remove_file(folder.path().join(LABELS)).unwrap();
    let error = Dataset::read(folder.path()).unwrap_err();
    assert!(matches!(error, DigitsError::Missing { .. }));
    assert!(error.to_string().contains(&format!("{LABELS} nor train-labels.idx1-ubyte")), "{error}");
}

#[test]
fn no_image_that_is_tested_is_trained_on() {
    let (train, test) = (labelled(drawn::digits(40, 1)), labelled(drawn::digits(10, 2)));
    let mut both = train.clone();
    both.pixels.extend_from_slice(&test.pixels[..3 * 28 * 28]);
    both.labels.extend_from_slice(&test.labels[..3]);
    let dataset = Dataset::new(both, test.clone());
    assert_eq!((dataset.train, dataset.test), (train, test));
}

#[test]
fn products_have_no_zeros() {
    // The digits come in turn: four and one of them are zeros.
    let whole = Dataset::new(labelled(drawn::digits(40, 1)), labelled(drawn::digits(10, 2)));
    let of_products = whole.clone().asked_about(DigitsOperation::Product);
    assert_eq!((of_products.train.len(), of_products.test.len()), (36, 9));
    assert_eq!(of_products.test.labels, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(of_products.test.image(8), whole.test.image(9));
    assert_eq!(whole.clone().asked_about(DigitsOperation::Sum).digest(), whole.digest());
}
