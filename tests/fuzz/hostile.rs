//! Files made to harm: what a header claims is not believed, and every changed byte is found.

use std::fs::{self, File};
use std::process::Command;

use gridworld::run::checkpoint_file::{self, CheckpointFileError::Contents};
use gridworld_checkpoint::CheckpointError;
use nix::sys::resource::{Resource, setrlimit};

use crate::checkpoints::trained;
use crate::mutation::Mutator;
use crate::texts::configurations;

/// Variable that is set in the process whose memory is limited.
const CHILD: &str = "GRIDWORLD_TEST_HOSTILE";

/// Memory that the process can get beyond what it has, in bytes: less than any claim, more than any file.
const ROOM: u64 = 64 << 20;

/// The bytes of address space that this process has.
fn address_space() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("a size");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") << 10
}

fn with_header(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0; data]].concat()
}

/// Headers that claim what is not there, or the same bytes twice.
fn files() -> Vec<Vec<u8>> {
    let tensor = |shape: &str, from: u64, to: u64| {
        format!(r#"{{"dtype":"F32","shape":[{shape}],"data_offsets":[{from},{to}]}}"#)
    };
    let one = |tensor: String| with_header(&format!(r#"{{"a":{tensor}}}"#), 16);
    let two = |a: String, b: String| with_header(&format!(r#"{{"a":{a},"b":{b}}}"#), 16);
    let huge = 1_u64 << 60;
    let mut files = vec![
        one(tensor(&huge.to_string(), 0, 4 * huge)),
        one(tensor(&huge.to_string(), 0, 16)),
        one(tensor("4294967296,4294967296", 0, 16)),
        one(tensor("18446744073709551615,2", 0, 16)),
        one(tensor("4", 16, 0)),
        one(tensor("4", 0, u64::MAX)),
        one(tensor("4", u64::MAX - 15, u64::MAX)),
        two(tensor("4", 0, 16), tensor("4", 0, 16)),
        two(tensor("2", 0, 8), tensor("3", 4, 16)),
        two(tensor("2", 0, 8), tensor("1", 12, 16)),
        two(tensor(&(1_u64 << 61).to_string(), 0, 1 << 63), tensor(&(1_u64 << 61).to_string(), 1 << 63, 0)),
        with_header(&"[".repeat(1 << 20), 0),
        with_header(&format!("{{{}", r#""a":{"#.repeat(1 << 18)), 0),
    ];
    for length in [huge, 1 << 40, u64::MAX, 100_000_000, 99_999_999, 1 << 32] {
        files.push([&length.to_le_bytes()[..], b"{}      "].concat());
    }
    files
}

#[test]
fn nothing_of_the_size_that_a_header_claims_is_allocated() {
    if std::env::var_os(CHILD).is_none() {
        // In a process of its own: an allocation that fails would end the others as well.
        let name = "hostile::nothing_of_the_size_that_a_header_claims_is_allocated";
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        let output = child.args(["--exact", name, "--nocapture"]).env(CHILD, "1").output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hostile.safetensors");
    let files = files();
    assert!(files.len() > 15);
    let limit = address_space() + ROOM;
    setrlimit(Resource::RLIMIT_AS, limit, limit).expect("less is always allowed");
    for (number, bytes) in files.iter().enumerate() {
        fs::write(&path, bytes).expect("a file");
        let error = checkpoint_file::load(&path).expect_err("it is hostile");
        let wrong =
            matches!(error, Contents(CheckpointError::NotSafetensors { .. } | CheckpointError::WrongLength { .. }));
        assert!(wrong, "file {number}: {error}");
    }
    // A file that is as long as it says takes no room on the disk where nothing was written.
    let size = 1_u64 << 40;
    let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{size}],"data_offsets":[0,{size}]}}}}"#);
    fs::write(&path, with_header(&header, 0)).expect("a file");
    let long = File::options().write(true).open(&path).expect("the file");
    if long.set_len(8 + header.len() as u64 + size).is_ok() {
        let error = checkpoint_file::load(&path).expect_err("there is no such room");
        assert!(matches!(error, Contents(CheckpointError::Read { .. })), "{error}");
    }
}

#[test]
fn every_changed_byte_is_found() {
    let whole = trained(&configurations()[2]);
    let good = whole.to_bytes().expect("bytes");
    let header = 8 + u64::from_le_bytes(good[..8].try_into().expect("eight bytes")) as usize;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("last.safetensors");
    let load = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("a file");
        checkpoint_file::load(&path)
    };
    let mut mutator = Mutator::new(7);
    let (mut flipped, mut found, mut same) = (0, 0, 0);
    let mut flip = |at: usize, with: u8| {
        let mut bad = good.clone();
        bad[at] ^= with;
        flipped += 1;
        match load(&bad) {
            Err(_) => found += 1,
            // JSON takes any white space for another: the contents are those that were written.
            Ok(checkpoint) => {
                assert!(at < header && good[at] == b' ' && b"\t\n\r".contains(&bad[at]), "byte {at}");
                assert_eq!(checkpoint, whole, "byte {at}");
                same += 1;
            }
        }
    };
    for (at, &byte) in good[..header].iter().enumerate() {
        flip(at, 1 + mutator.below(255) as u8);
        // The header is filled up with spaces, in whose place any white space will do.
        if byte == b' ' {
            [b'\t', b'\n', b'\r'].into_iter().for_each(|white| flip(at, b' ' ^ white));
        }
    }
    for _ in 0..10_000 {
        flip(header + mutator.below(good.len() - header), 1 + mutator.below(255) as u8);
    }
    println!("{flipped} bytes changed ({header} of them in the header), {found} refused, {same} without effect");
    assert!(found + same == flipped && found >= 10_000 + header - 8);
}
