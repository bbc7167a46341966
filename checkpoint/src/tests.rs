//! Checkpoints as bytes: what is written, and what is refused.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::{TensorView, serialize};
use serde_json::json;

use super::*;

fn small() -> Checkpoint {
    let mut checkpoint = Checkpoint::default();
    checkpoint.insert("model.bias", Array::new([2], vec![1.0_f32, -0.5]));
    checkpoint.insert("worker0.positions", Array::new([1, 3], vec![7_u8, 8, 9]));
    checkpoint.set_field("step", &1280).unwrap();
    checkpoint
}

/// Path of the file in error messages.
const FILE: &str = "runs/mine/checkpoints/last.safetensors";

fn load(bytes: &[u8]) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::from_bytes(bytes, Path::new(FILE))
}

/// As it is after its way through a file.
fn reloaded(checkpoint: &Checkpoint) -> Checkpoint {
    load(&checkpoint.to_bytes().unwrap()).unwrap()
}

/// A file with the header `text` and `data` bytes of zeros behind it.
fn with_header(text: &str, data: usize) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes(), &vec![0; data]].concat()
}

#[test]
fn the_bytes_are_these() {
    let header = concat!(
        r#"{"__metadata__":{"gridworld":"{\"format_version\":1,"#,
        r#"\"sha256\":\"10abc7becd4f4452b2c8e7d4f635552a73e236ea5ec06b12b1927a9371ab4a4c\","#,
        r#"\"metadata\":{\"step\":1280}}"},"#,
        r#""model.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#,
        r#""worker0.positions":{"dtype":"U8","shape":[1,3],"data_offsets":[8,11]}}"#,
    );
    let mut header = header.as_bytes().to_vec();
    header.resize(header.len().next_multiple_of(8), b' ');
    let data = [0, 0, 128, 63, 0, 0, 0, 191, 7, 8, 9];
    let expected = [&(header.len() as u64).to_le_bytes(), &header[..], &data].concat();
    let bytes = small().to_bytes().unwrap();
    assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&expected));
    assert_eq!(bytes, expected);
}

#[test]
fn everything_comes_back() {
    let mut checkpoint = small();
    checkpoint.insert("a.scalar", Array::new([], vec![f64::MIN_POSITIVE]));
    checkpoint.insert("an.empty", Array::new([0, 4], Vec::<i64>::new()));
    checkpoint.insert("counts", Array::flat(vec![i64::MIN, i64::MAX]));
    checkpoint.insert("keys", Array::flat(vec![u64::MAX]));
    checkpoint.insert("ünïcode \"quoted\" \n", Array::flat(vec![u32::MAX, 1]));
    checkpoint
        .set_field("rates", &json!({"β": [0.1, 1e300, -0.0, 2.2250738585072014e-308], "text": "\u{0}\"\\"}))
        .unwrap();
    assert_eq!(reloaded(&checkpoint), checkpoint);
    assert_eq!(reloaded(&Checkpoint::default()), Checkpoint::default());
}

#[test]
fn a_glance_has_the_fields_of_a_file_that_is_as_long_as_it_says() {
    let glance = |mut bytes: &[u8]| {
        let length = bytes.len() as u64;
        Checkpoint::glance(&mut bytes, length, Path::new(FILE))
    };
    let whole = small().to_bytes().unwrap();
    let glanced = glance(&whole).unwrap();
    assert_eq!((glanced.field::<u64>("step").unwrap(), glanced.tensors.len()), (1280, 0));
    for length in [0, 7, 100, whole.len() - 1] {
        assert!(glance(&whole[..length]).is_err(), "{length}");
    }
}

#[test]
fn floats_keep_every_bit() {
    let singles: Vec<f32> =
        [0x7fc0_0001, 0xff80_0001, 0x7f80_0000, 0xff80_0000, 0x8000_0000, 1].map(f32::from_bits).into();
    let doubles: Vec<f64> = [0x7ff8_0000_dead_beef, 0xfff0_0000_0000_0001, 1 << 63, 1].map(f64::from_bits).into();
    let mut checkpoint = Checkpoint::default();
    checkpoint.insert("singles", Array::flat(singles.clone()));
    checkpoint.insert("doubles", Array::flat(doubles.clone()));
    let loaded = reloaded(&checkpoint);
    let bits: Vec<u32> = loaded.f32("singles", &[6]).unwrap().iter().map(|number| number.to_bits()).collect();
    assert_eq!(bits, singles.iter().map(|number| number.to_bits()).collect::<Vec<_>>());
    let bits: Vec<u64> = loaded.f64("doubles", &[4]).unwrap().iter().map(|number| number.to_bits()).collect();
    assert_eq!(bits, doubles.iter().map(|number| number.to_bits()).collect::<Vec<_>>());
}

#[test]
fn equal_checkpoints_are_equal_files() {
    // Hash maps have another order each time, within one process too.
    let mut forwards = Checkpoint::default();
    let mut backwards = Checkpoint::default();
    let names: Vec<String> = (0..40).map(|number| format!("tensor{number}")).collect();
    for name in &names {
        forwards.insert(name, Array::flat(vec![1_u8]));
        forwards.set_field(name, &1).unwrap();
    }
    for name in names.iter().rev() {
        backwards.insert(name, Array::flat(vec![1_u8]));
        backwards.set_field(name, &1).unwrap();
    }
    let first = forwards.to_bytes().unwrap();
    for _ in 0..20 {
        assert!(forwards.to_bytes().unwrap() == first);
    }
    assert!(backwards.to_bytes().unwrap() == first);
}

#[test]
fn every_flipped_bit_is_found() {
    let good = small().to_bytes().unwrap();
    let mut flipped = 0;
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[place] ^= 1 << bit;
            assert!(load(&bad).is_err(), "byte {place}, bit {bit}");
            flipped += 1;
        }
    }
    assert!(flipped > 2_000);
}

#[test]
fn no_random_byte_makes_it_panic_or_changes_what_it_says() {
    let good = small().to_bytes().unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut found = 0;
    for _ in 0..5_000 {
        let mut bad = good.clone();
        for _ in 0..1 + random % 3 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (random >> 33) as usize % bad.len();
            bad[place] = (random >> 20) as u8;
        }
        match load(&bad) {
            Ok(checkpoint) => assert_eq!(checkpoint, small()), // the same byte, or one white space for another
            Err(_) => found += 1,
        }
    }
    assert!(found > 4_900, "{found}");
}

#[test]
fn every_other_length_is_refused() {
    let good = small().to_bytes().unwrap();
    for length in 0..good.len() {
        let error = load(&good[..length]).unwrap_err();
        assert!(
            matches!(error, CheckpointError::WrongLength { .. } | CheckpointError::NotSafetensors { .. }),
            "{length}: {error}"
        );
    }
    let error = load(&[&good[..], b"x"].concat()).unwrap_err();
    assert!(matches!(error, CheckpointError::WrongLength { expected, actual, .. } if actual == expected + 1));
}

#[test]
fn hostile_headers_are_refused_without_allocating_what_they_claim() {
    let huge = 1_u64 << 61;
    let one = format!(r#"{{"a":{{"dtype":"U8","shape":[{huge}],"data_offsets":[0,{huge}]}}}}"#);
    // Eight tensors of 2^61 bytes: their sum is more than a 64-bit number can hold.
    let many: Vec<String> = (0..8_u128)
        .map(|i| {
            let (start, end) = (i * u128::from(huge), ((i + 1) * u128::from(huge)).min(u128::from(u64::MAX)));
            format!(r#""t{i}":{{"dtype":"U8","shape":[{}],"data_offsets":[{start},{end}]}}"#, end - start)
        })
        .collect();
    let texts = [
        one,
        format!("{{{}}}", many.join(",")),
        format!(r#"{{"a":{{"dtype":"F32","shape":[{huge},{huge},0],"data_offsets":[0,0]}}}}"#),
        r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#.to_owned(),
        r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[8,4]}}"#.to_owned(),
        r#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,8]}}"#.to_owned(),
        "[".repeat(100_000),
        String::new(),
        "null".to_owned(),
    ];
    for text in texts {
        let error = load(&with_header(&text, 8)).unwrap_err();
        assert!(
            matches!(error, CheckpointError::WrongLength { .. } | CheckpointError::NotSafetensors { .. }),
            "{}: {error}",
            &text[..text.len().min(100)]
        );
    }
    for length in [u64::MAX, u64::MAX - 7, 100_000_001, 99_999_999, 9] {
        assert!(load(&[&length.to_le_bytes()[..], b"{}      "].concat()).is_err());
    }
}

#[test]
fn files_of_others_are_refused() {
    let view = TensorView::new(Dtype::U8, vec![2], &[1, 2]).unwrap();
    let foreign = |metadata: Option<(&str, &str)>| {
        let metadata = metadata.map(|(key, text)| HashMap::from([(key.to_owned(), text.to_owned())]));
        load(&serialize([("a", view.clone())], metadata).unwrap()).unwrap_err()
    };
    let newer = r#"{"format_version":2,"contents":"elsewhere"}"#;
    assert!(matches!(
        foreign(Some((METADATA_KEY, newer))),
        CheckpointError::UnsupportedVersion { found: 2, supported: 1, .. }
    ));
    let none = r#"{"format_version":1,"sha256":"","metadata":{}}"#;
    assert!(matches!(foreign(Some((METADATA_KEY, none))), CheckpointError::Checksum { .. }));
    for metadata in [None, Some(("format", "pt")), Some((METADATA_KEY, "{")), Some((METADATA_KEY, "[1]"))] {
        let error = foreign(metadata);
        assert!(matches!(error, CheckpointError::NotOurs { .. }), "{error}");
    }
}

#[test]
fn kinds_that_we_do_not_hold_are_named() {
    let view = TensorView::new(Dtype::BF16, vec![1], &[1, 2]).unwrap();
    let unsigned = document::write_unsigned(&Default::default()).unwrap();
    let checksum = digest::digest([("half", view.clone())], &unsigned);
    let document = document::write(&Default::default(), &checksum).unwrap();
    let file = serialize([("half", view)], Some(HashMap::from([(METADATA_KEY.to_owned(), document)]))).unwrap();
    let error = load(&file).unwrap_err();
    assert!(matches!(&error, CheckpointError::UnknownKind { tensor, kind, .. } if tensor == "half" && kind == "BF16"));
}

#[test]
fn errors_name_the_file_and_a_reader_that_fails_is_one() {
    let bytes = small().to_bytes().unwrap();
    let length = bytes.len() as u64;
    // It says that it is longer than what can be read.
    let error = Checkpoint::read(&mut &bytes[..bytes.len() - 1], length, Path::new(FILE)).unwrap_err();
    assert!(matches!(&error, CheckpointError::Read { .. }), "{error}");
    for error in [error, load(&bytes[..7]).unwrap_err(), load(&bytes[..bytes.len() - 1]).unwrap_err()] {
        assert!(error.to_string().contains(FILE), "{error}");
    }
}

#[test]
fn contents_that_safetensors_cannot_hold_are_refused() {
    let reserved = Checkpoint {
        tensors: BTreeMap::from([("__metadata__".to_owned(), Array::flat(vec![1_u8]))]),
        ..Checkpoint::default()
    };
    assert!(matches!(reserved.to_bytes(), Err(CheckpointError::Unwritable { .. })));
    let mut overflowing = Checkpoint::default();
    overflowing.insert("a", Array::new([usize::MAX, 2], Vec::<f32>::new()));
    assert!(matches!(overflowing.to_bytes(), Err(CheckpointError::Unwritable { .. })));
    let mut unwritable = small();
    unwritable.insert("model.bad", Array::new([3], vec![1_u8]));
    let error = unwritable.to_bytes().unwrap_err();
    assert!(matches!(error, CheckpointError::Unwritable { tensor, .. } if tensor == "model.bad"));
}

#[test]
fn typed_access_says_what_is_wrong() {
    let checkpoint = small();
    assert_eq!(checkpoint.f32("model.bias", &[2]).unwrap(), [1.0, -0.5]);
    assert_eq!(checkpoint.u8("worker0.positions", &[1, 3]).unwrap(), [7, 8, 9]);
    assert_eq!(checkpoint.field::<u64>("step").unwrap(), 1280);
    let messages = [
        checkpoint.f32("model.weight", &[2]).unwrap_err().to_string(),
        checkpoint.f64("model.bias", &[2]).unwrap_err().to_string(),
        checkpoint.f32("model.bias", &[1, 2]).unwrap_err().to_string(),
        checkpoint.field::<u64>("seed").unwrap_err().to_string(),
        checkpoint.field::<String>("step").unwrap_err().to_string(),
    ];
    assert_eq!(
        messages,
        [
            "the checkpoint has no tensor `model.weight`",
            "tensor `model.bias` is F32, expected F64",
            "tensor `model.bias` has shape [2], expected [1, 2]",
            "the checkpoint's metadata has no field `seed`",
            "field `step` of the checkpoint's metadata cannot be read: invalid type: integer `1280`, expected a string",
        ]
    );
}

#[test]
fn names_are_missing_or_surplus() {
    let mut checkpoint = small();
    checkpoint.insert("model.extra", Array::flat(vec![1_u8]));
    checkpoint.expect_names("model.", &["model.bias", "model.extra"]).unwrap();
    checkpoint.expect_names("optimizer.", &[""; 0]).unwrap();
    match checkpoint.expect_names("model.", &["model.bias", "model.weight"]).unwrap_err() {
        CheckpointError::WrongNames { missing, surplus, .. } => {
            assert_eq!((missing, surplus), (vec!["model.weight".to_owned()], vec!["model.extra".to_owned()]));
        }
        error => panic!("{error}"),
    }
}
