//! Links in a run's folder, and where they lead.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::geteuid;

/// The files that are read or written under their names, folders before what is in them.
const FILES: [&str; 10] = [
    "config.json",
    "metrics.jsonl",
    "seeds.jsonl",
    "evaluation.json",
    "evaluations",
    "failure.json",
    ".lock",
    "checkpoints",
    "checkpoints/last.safetensors",
    "checkpoints/best.safetensors",
];

/// Tells if this process's user owns what is at `path` and, if that is a link, what it leads to.
fn is_ours(path: &Path) -> bool {
    let user = geteuid().as_raw();
    [path.symlink_metadata(), path.metadata()].iter().all(|looked| looked.as_ref().is_ok_and(|it| it.uid() == user))
}

/// Fails, with the reason, if one of the files of the run in `run` is really elsewhere, unless the user owns both the link and what it
/// leads to: a run from somebody else must not make us read or write there.
pub(super) fn check(run: &Path) -> Result<(), String> {
    let Ok(home) = run.canonicalize() else { return Ok(()) };
    for file in FILES {
        let path = run.join(file);
        match path.canonicalize() {
            Ok(real) if real.starts_with(&home) || is_ours(&path) => {}
            Ok(real) => {
                let real = real.display();
                return Err(format!("its {file} is a link that leads out of it, to {real}, and not both are yours"));
            }
            Err(error) if path.is_symlink() => {
                let target = fs::read_link(&path).unwrap_or_default();
                return Err(format!("its {file} is a link to {}: {error}", target.display()));
            }
            // It is not there, or behind a link that was looked at before.
            Err(_) => {}
        }
    }
    Ok(())
}
