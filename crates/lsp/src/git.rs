//! What git knows of a line: asked only when somebody looks, with a time limit, and remembered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// How long an answer may take; then there is none.
const LIMIT: Duration = Duration::from_millis(2500);

/// Answers of git.
#[derive(Debug, Default)]
pub(crate) struct Git {
    first: Mutex<HashMap<(PathBuf, String), Option<String>>>,
}

impl Git {
    /// The commit that brought a word into a file, in Markdown.
    pub(crate) async fn first_commit(&self, file: &Path, word: &str) -> Option<String> {
        let key = (file.to_owned(), word.to_owned());
        if let Some(known) = self.first.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let directory = file.parent()?;
        let name = file.file_name()?;
        let mut command = Command::new("git");
        command.arg("-C").arg(directory).args(["--no-optional-locks", "log", "--reverse", "--format=%h%x09%as%x09%an%x09%s"]);
        command.arg(format!("-S{word}")).arg("--").arg(name);
        let output = timeout(LIMIT, output(command)).await.ok()??;
        let line = output.lines().next();
        let parts: Option<[&str; 4]> = line.and_then(|line| line.splitn(4, '\t').collect::<Vec<_>>().try_into().ok());
        let text = parts.map(|[hash, day, author, subject]| {
            let safe = |text: &str| text.replace(['`', '<', '>'], "'");
            format!("First seen {day} in `{hash}` by {}: {}", safe(author), safe(subject))
        });
        self.first.lock().unwrap_or_else(PoisonError::into_inner).insert(key, text.clone());
        text
    }

    /// The day of the last change of each line from `first` to `last` (from 1) of a file as it is committed.
    pub(crate) async fn days(&self, file: &Path, first: u32, last: u32) -> Option<HashMap<u32, i64>> {
        let (directory, name) = (file.parent()?, file.file_name()?);
        let mut command = Command::new("git");
        command.arg("-C").arg(directory).args(["--no-optional-locks", "blame", "--line-porcelain", "-L"]);
        command.arg(format!("{first},{last}")).arg("--").arg(name);
        let output = timeout(LIMIT, output(command)).await.ok()??;
        let mut days = HashMap::new();
        let mut line = first;
        for text in output.lines() {
            if let Some(seconds) = text.strip_prefix("author-time ") {
                days.insert(line, seconds.parse().ok()?);
            } else if text.starts_with('\t') {
                line += 1;
            }
        }
        Some(days)
    }
}

async fn output(mut command: Command) -> Option<String> {
    command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
