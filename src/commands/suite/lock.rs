//! Lock of a folder for one suite at a time, or one for each of its parts.

use std::path::Path;

use gridworld_records::{Attempt, FileLock, Sharing};
use gridworld_terminal::program::CliError;

use super::shard::Shard;

/// The right to do the part `shard` of the suite in `folder`, as long as this value lives. Parts share the folder; a
/// whole suite does not.
pub fn take(folder: &Path, shard: Shard) -> Result<Vec<FileLock>, CliError> {
    let Shard { index, count } = shard;
    if count == 1 {
        return Ok(vec![one(folder, ".lock", Sharing::Alone)?]);
    }
    Ok(vec![one(folder, ".lock", Sharing::Shared)?, one(folder, &format!(".lock-{index}-of-{count}"), Sharing::Alone)?])
}

fn one(folder: &Path, name: &str, sharing: Sharing) -> Result<FileLock, CliError> {
    let shown = folder.display();
    match FileLock::take(&folder.join(name), sharing) {
        Ok(Attempt::Taken(lock)) => Ok(lock),
        Ok(Attempt::Held { holder }) => Err(CliError::usage(format!(
            "--runs {shown}: another suite is running there{holder}; wait for it to end, or use another folder"
        ))),
        Err(error) => Err(CliError::failed(format!("cannot lock {}: {error}", folder.join(name).display()))),
    }
}
