//! What git knows of a line: asked only when somebody looks, with a time limit, and remembered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use promolint_workspace::git::guarded_command;
use tokio::process::Command;
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// How long an answer may take; then there is none.
const LIMIT: Duration = Duration::from_millis(2500);
/// How long somebody who points at something waits for its history.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long git may look for it, while nobody waits.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// Answers of git.
#[derive(Debug, Default)]
pub(crate) struct Git {
    first: Mutex<HashMap<(PathBuf, String), Answer>>,
    /// Held while git looks for one: who points at many digests in a row shall not start as many processes.
    looking: tokio::sync::Mutex<()>,
}

/// What is known of a word as of a commit; empty while git looks.
#[derive(Clone, Debug)]
struct Answer {
    head: String,
    found: Arc<OnceCell<Option<String>>>,
}

impl Git {
    /// The commit that brought a word into a file, in Markdown. None as well where git is slow; then it goes on, and
    /// who asks again has the answer.
    pub(crate) async fn first_commit(self: &Arc<Self>, file: &Path, word: &str) -> Option<String> {
        let (git, file, word) = (Arc::clone(self), file.to_owned(), word.to_owned());
        let asked = tokio::spawn(async move {
            let mut command = guarded_command(file.parent()?);
            command.args(["rev-parse", "--verify", "HEAD"]);
            let head = timeout(LIMIT, output(command)).await.ok()??;
            git.remembered(head, (file.clone(), word.clone()), look_for_first(&file, &word)).await
        });
        timeout(PATIENCE, asked).await.ok()?.ok()?
    }

    /// What was found as of this commit, or is found now; nothing is remembered as well.
    async fn remembered(&self, head: String, key: (PathBuf, String), look: impl Future<Output = Option<String>>) -> Option<String> {
        let found = {
            let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
            let known = first.get(&key).filter(|answer| answer.head == head).cloned();
            let answer = known.unwrap_or_else(|| Answer { head, found: Arc::default() });
            first.insert(key, answer.clone());
            answer.found
        };
        let look = async {
            let _looking = self.looking.lock().await;
            timeout(LONGEST_LOOK, look).await.ok().flatten()
        };
        found.get_or_init(|| look).await.clone()
    }

    /// When each line from `first` to `last` (from 1) of a file came into its last commit, in seconds since 1970: by
    /// the text of the line, as the file may have been edited since. The work tree is not looked at.
    pub(crate) async fn times(&self, file: &Path, first: u32, last: u32) -> Option<HashMap<String, i64>> {
        let mut command = guarded_command(file.parent()?);
        command.args(["blame", "--no-textconv", "--line-porcelain", "-L"]);
        command.arg(format!("{first},{last}")).args(["HEAD", "--"]).arg(file.file_name()?);
        let output = timeout(LIMIT, output(command)).await.ok()??;
        let (mut times, mut time) = (HashMap::new(), None);
        for line in output.lines() {
            if let Some(seconds) = line.strip_prefix("author-time ") {
                time = seconds.parse().ok();
            } else if let Some((text, time)) = line.strip_prefix('\t').zip(time) {
                times.insert(text.to_owned(), time);
            }
        }
        Some(times)
    }
}

/// Asks git for the commit that brought a word into a file.
async fn look_for_first(file: &Path, word: &str) -> Option<String> {
    let mut command = guarded_command(file.parent()?);
    command.args(["log", "--no-textconv", "--no-ext-diff", "--reverse", "--format=%h%x09%as%x09%an%x09%s"]);
    command.arg(format!("-S{word}")).arg("--").arg(file.file_name()?);
    let output = output(command).await?;
    let parts: [&str; 4] = output.lines().next()?.splitn(4, '\t').collect::<Vec<_>>().try_into().ok()?;
    let [hash, day, author, subject] = parts;
    let safe = |text: &str| text.replace(['`', '<', '>'], "'");
    Some(format!("First seen {day} in `{hash}` by {}: {}", safe(author), safe(subject)))
}

async fn output(command: std::process::Command) -> Option<String> {
    let mut command = Command::from(command);
    command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    async fn asked(git: &Git, head: &str, look: impl Future<Output = Option<&str>>) -> Option<String> {
        let look = async { look.await.map(str::to_owned) };
        git.remembered(head.to_owned(), (PathBuf::from("images.yaml"), "sha256".to_owned()), look).await
    }

    #[tokio::test]
    async fn what_was_found_is_remembered_until_the_next_commit() {
        let git = Git::default();
        assert_eq!(asked(&git, "a", async { None }).await, None);
        assert_eq!(asked(&git, "a", async { panic!("asked twice") }).await, None);
        assert_eq!(asked(&git, "b", async { Some("First seen") }).await.as_deref(), Some("First seen"));
        assert_eq!(asked(&git, "b", async { panic!("asked twice") }).await.as_deref(), Some("First seen"));
    }

    #[tokio::test]
    async fn nobody_waits_for_a_slow_git_and_it_goes_on() {
        let git = Arc::new(Git::default());
        let slow = Arc::clone(&git);
        let look = async {
            sleep(Duration::from_millis(200)).await;
            Some("First seen")
        };
        let look = tokio::spawn(async move { asked(&slow, "a", look).await });
        assert!(timeout(Duration::from_millis(20), look).await.is_err());
        let start = Instant::now();
        assert_eq!(asked(&git, "a", async { panic!("asked twice") }).await.as_deref(), Some("First seen"));
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
