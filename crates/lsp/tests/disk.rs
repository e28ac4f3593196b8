//! What changes on disk while trees are open.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use promolint_lsp::position::Encoding;
use promolint_lsp::session::Session;
use promolint_lsp::session::settings::ClientSettings;
use serde_json::{Value, json};
use support::{Editor, capabilities, copy_of};
use tower_lsp_server::ls_types::Uri;

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const ALL: &str = "ignore = [\"all\"]\n";

fn session(root: &Path) -> Session {
    let session = Session::default();
    session.initialize(Encoding::Utf8, vec![root.to_owned()], ClientSettings::default(), None);
    let path = root.join(IMAGES);
    session.open(Uri::from_file_path(&path).unwrap(), path.clone(), 1, fs::read_to_string(path).unwrap());
    assert_eq!(session.states(true).len(), 1);
    session
}

fn count(session: &Session, root: &Path) -> usize {
    session.state_of(&root.join(IMAGES)).unwrap().0.diagnostics().len()
}

#[test]
fn the_first_look_tells_what_changed_since_the_tree_was_read() {
    let tree = copy_of("good");
    let session = session(tree.path());
    assert!(!session.look());
    let owners = tree.path().join(IMAGES).with_file_name("OWNERS");
    fs::write(&owners, "approvers:\n- nobody-in-particular-here\n").unwrap();
    assert!(session.look());
    assert_eq!(session.state_of(&owners).unwrap().0.file("registry.k8s.io/images/k8s-staging-widget/OWNERS").unwrap().text().len(), 39);
    assert!(!session.look());
    // One that is open as well is looked at once.
    fs::write(tree.path().join(IMAGES), "- name: a\n").unwrap();
    assert!(session.look());
    assert!(!session.look());
}

#[test]
fn configurations_baselines_and_commits_are_looked_at() {
    let tree = copy_of("sample");
    let session = session(tree.path());
    let all = count(&session, tree.path());
    let configuration = tree.path().join("promolint.toml");
    fs::write(&configuration, ALL).unwrap();
    assert!(session.look());
    assert_eq!(count(&session, tree.path()), 0);
    fs::write(&configuration, "baseline = \"known\"\n").unwrap();
    assert!(session.look());
    assert_eq!(count(&session, tree.path()), all);
    fs::write(tree.path().join("known"), known(&session, tree.path())).unwrap();
    assert!(session.look());
    assert_eq!(count(&session, tree.path()), all - 1);
    fs::create_dir_all(tree.path().join(".git/logs")).unwrap();
    fs::write(tree.path().join(".git/logs/HEAD"), "a commit\n").unwrap();
    assert!(session.look());
    assert!(!session.look());
}

/// A baseline with the first finding.
fn known(session: &Session, root: &Path) -> String {
    let state = session.state_of(&root.join(IMAGES)).unwrap().0;
    let first = &state.diagnostics()[0];
    let (path, rule, message) = (&*first.path, first.rule, &first.message);
    format!("version = 1\n\n[[findings]]\npath = {path:?}\nrule = {rule:?}\nmessage = {message:?}\ncount = 1\n")
}

#[test]
fn a_baseline_of_any_name_is_read_again() {
    let tree = copy_of("sample");
    fs::write(tree.path().join("promolint.toml"), "baseline = \"known\"\n").unwrap();
    let session = session(tree.path());
    let all = count(&session, tree.path());
    let baseline = tree.path().join("known");
    fs::write(&baseline, known(&session, tree.path())).unwrap();
    session.refresh(&[baseline]);
    assert_eq!(count(&session, tree.path()), all - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_watches_the_baseline_in_force() {
    let tree = copy_of("good");
    let configuration = tree.path().join("promolint.toml");
    fs::write(&configuration, "baseline = \"known[1]\"\n").unwrap();
    let mut can = capabilities();
    can["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    let (mut editor, _) = Editor::start(tree.path(), can, Value::Null).await;
    let registered = |message: &Value| message["params"]["registrations"][0]["registerOptions"]["watchers"][0]["globPattern"].clone();
    assert_eq!(registered(&editor.told("client/registerCapability").await), "**/*.{yaml,yml}");
    assert_eq!(registered(&editor.told("client/registerCapability").await), "**/known?1?");
    fs::write(&configuration, "baseline = \"other\"\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&configuration), "type": 2}]})).await;
    editor.told("client/unregisterCapability").await;
    assert_eq!(registered(&editor.told("client/registerCapability").await), "**/other");
    assert!(editor.stop().await);
}

#[test]
fn a_tree_outside_the_folders_is_forgotten_with_its_last_file() {
    let (inside, outside) = (copy_of("good"), copy_of("good"));
    let session = session(inside.path());
    let path = outside.path().join(IMAGES);
    session.open(Uri::from_file_path(&path).unwrap(), path.clone(), 1, String::new());
    let disk = |root: &Path| Arc::downgrade(&session.state_of(&root.join(IMAGES)).unwrap().0.disk);
    let open = disk(outside.path());
    session.forget_unused();
    assert!(open.upgrade().is_some());
    for document in session.documents() {
        session.close(&document.path);
    }
    let closed = (disk(inside.path()), disk(outside.path()));
    session.forget_unused();
    assert!(closed.0.upgrade().is_some());
    assert!(closed.1.upgrade().is_none());
}
