//! What an edit does to what git knows, through the transport.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Editor, capabilities, copy_of, rules};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const FIRST: &str = "8cff51b1610b36d9d57e996899817e1f9e80d9739d3afe6199cd510caf5efaa8";

fn git(directory: &Path, arguments: &[&str]) {
    let fixed = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    let done = command.current_dir(directory).args(fixed).args(arguments).env_remove("GIT_DIR").output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The tree `good`, committed.
fn repository() -> tempfile::TempDir {
    let tree = copy_of("good");
    git(tree.path(), &["init", "-q", "-b", "main"]);
    git(tree.path(), &["add", "-A"]);
    git(tree.path(), &["commit", "-q", "-m", "base"]);
    tree
}

/// The text of the images with the first digest replaced: its tag stands on another one.
fn moved(tree: &Path) -> String {
    let text = std::fs::read_to_string(tree.join(IMAGES)).unwrap();
    let another = text.replace(FIRST, &format!("{:064x}", 7));
    assert_ne!(text, another);
    another
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_tag_is_told_while_it_is_typed() {
    let tree = repository();
    let path = tree.path().join(IMAGES);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open(&path, &moved(tree.path())).await;
    // The state comes first; what git knows, when it has answered.
    assert_eq!(rules(&editor.published(&uri, 1).await), [""; 0]);
    let found = editor.published(&uri, 1).await;
    assert_eq!(rules(&found), ["tag-moved"], "{found:#?}");
    assert!(found[0]["message"].as_str().unwrap().contains("v1.0.0"), "{found:#?}");
    // Put right.
    editor.replace(&uri, 2, &std::fs::read_to_string(&path).unwrap()).await;
    assert_eq!(rules(&editor.published(&uri, 2).await), [""; 0]);
    editor.replace(&uri, 3, &moved(tree.path())).await;
    assert_eq!(rules(&editor.published(&uri, 3).await), ["tag-moved"]);
    // Committed on the main branch, it is what is.
    std::fs::write(&path, moved(tree.path())).unwrap();
    git(tree.path(), &["commit", "-qam", "moved"]);
    editor.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}})).await;
    assert_eq!(rules(&editor.published(&uri, 3).await), [""; 0]);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_say_with_what_is_compared() {
    let tree = repository();
    let path = tree.path().join(IMAGES);
    let text = std::fs::read_to_string(&path).unwrap().replace(FIRST, "12345");
    std::fs::write(&path, text).unwrap();
    git(tree.path(), &["commit", "-qam", "a mistake"]);
    let options = json!({"since": "off"});
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), options).await;
    let uri = editor.open_file(&path).await;
    let mistake = rules(&editor.published(&uri, 1).await).join(" ");
    assert_eq!(mistake, "digest-syntax");
    assert!(editor.listen(Duration::from_millis(500)).await.iter().all(|told| told["method"] != "textDocument/publishDiagnostics"));
    // What stood there before is left out.
    let settings = json!({"settings": {"promolint": {"since": "HEAD", "changedOnly": true}}});
    editor.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), [""; 0]);
    let settings = json!({"settings": {"promolint": {"since": "HEAD~1", "changedOnly": true}}});
    editor.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), ["digest-syntax"]);
    // A revision that is none is told once, and the tree is judged as it stands.
    let settings = json!({"settings": {"promolint": {"since": "nowhere"}}});
    editor.notify("workspace/didChangeConfiguration", settings).await;
    let told = editor.listen(Duration::from_millis(700)).await;
    let logged = told.iter().filter(|told| told["method"] == "window/logMessage");
    let logged: Vec<&str> = logged.filter_map(|told| told["params"]["message"].as_str()).collect();
    assert_eq!(logged, ["changes are not judged: `nowhere` is no revision of this repository"]);
    assert!(editor.stop().await);
}

/// What stands in the configuration and the attributes of a repository is run by nobody who opens a file.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_runs_nothing() {
    let tree = repository();
    let path = tree.path().join(IMAGES);
    let witness = tree.path().join("witness");
    let run = format!("touch '{}'; cat", witness.display());
    let configured = [
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "core.fsmonitor",
        "diff.external",
        "gpg.program",
        "core.sshCommand",
    ];
    for name in configured {
        git(tree.path(), &["config", name, &run]);
    }
    git(tree.path(), &["config", "log.showSignature", "true"]);
    std::fs::write(tree.path().join(".git/info/attributes"), "* diff=evil filter=evil\n").unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    std::fs::remove_file(tree.path().join("OWNERS_ALIASES")).unwrap();
    let options = json!({"inlayHints": {"tagAge": true}});
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), options).await;
    let uri = editor.open(&path, &moved(tree.path())).await;
    editor.published(&uri, 1).await;
    // With another one of the base: it was compared.
    assert!(rules(&editor.published(&uri, 1).await).contains(&"tag-moved"));
    let position = json!({"textDocument": {"uri": uri}, "position": {"line": 4, "character": 20}});
    // The first answer may come without it.
    let mut hover = Value::Null;
    for _ in 0..100 {
        hover = editor.request("textDocument/hover", position.clone()).await;
        if hover.to_string().contains("First seen") {
            break;
        }
    }
    assert!(hover.to_string().contains("First seen"), "{hover}");
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let hints = editor.request("textDocument/inlayHint", json!({"textDocument": {"uri": uri}, "range": all})).await;
    assert!(hints.to_string().contains("0 days"), "{hints}");
    assert!(!witness.exists(), "something was run");
    // Not asked at all.
    editor.notify("workspace/didChangeConfiguration", json!({"settings": {"promolint": {"git": false}}})).await;
    assert!(!rules(&editor.published(&uri, 1).await).contains(&"tag-moved"));
    let hover = editor.request("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": {"line": 4, "character": 20}})).await;
    assert!(!hover["contents"]["value"].as_str().unwrap().contains("First seen"), "{hover}");
    assert!(editor.stop().await);
}
