//! Findings through the transport: pushed, pulled, across files, from the disk.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Editor, capabilities, copy_of, rules};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";

fn entry(seed: u32) -> String {
    format!("    \"sha256:{:064x}\": [\"v1.{seed}.0\"]\n", u128::from(seed) * 7_919 + 12_345)
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_pushed_with_their_version_and_all_their_parts() {
    let tree = copy_of("good");
    let path = tree.path().join(IMAGES);
    let (mut editor, hello) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    assert_eq!(hello["capabilities"]["positionEncoding"], "utf-16");
    let uri = editor.open_file(&path).await;
    assert_eq!(editor.published(&uri, 1).await, [] as [Value; 0]);
    let text = format!("- name: widget\n  dmap:\n{}    'sha256:{:064x}': [\"v1.1.0\"]\n", entry(1), 99);
    editor.replace(&uri, 2, &text).await;
    let found = editor.published(&uri, 2).await;
    assert_eq!(rules(&found), ["digest-not-visible", "tag-on-two-digests"], "{found:#?}");
    let tag = &found[1];
    assert_eq!(tag["severity"], 1);
    assert!(tag["codeDescription"]["href"].as_str().unwrap().ends_with("docs/rules/tag-on-two-digests.md"));
    assert_eq!(tag["relatedInformation"][0]["location"]["range"]["start"]["line"], 2);
    assert_eq!(tag["range"]["start"]["line"], 3);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_follow_other_files_in_the_editor_and_on_disk() {
    let tree = copy_of("good");
    let (images, manifest) = (tree.path().join(IMAGES), tree.path().join(MANIFEST));
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let images_uri = editor.open_file(&images).await;
    editor.published(&images_uri, 1).await;
    // The manifest disappears, then comes back.
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::remove_file(&manifest).unwrap();
    let changed = json!({"changes": [{"uri": support::uri(&manifest), "type": 3}]});
    editor.notify("workspace/didChangeWatchedFiles", changed).await;
    assert_eq!(rules(&editor.published(&images_uri, 1).await), ["images-without-manifest"]);
    // An open buffer that was never saved counts.
    let manifest_uri = editor.open(&manifest, &text).await;
    assert_eq!(rules(&editor.published(&images_uri, 1).await), [""; 0]);
    // Closing it falls back to the disk, where there is none.
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": manifest_uri}})).await;
    assert_eq!(rules(&editor.published(&images_uri, 1).await), ["images-without-manifest"]);
    std::fs::write(&manifest, &text).unwrap();
    let changed = json!({"changes": [{"uri": support::uri(&manifest), "type": 1}]});
    editor.notify("workspace/didChangeWatchedFiles", changed).await;
    assert_eq!(rules(&editor.published(&images_uri, 1).await), [""; 0]);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pulls_is_told_of_other_files() {
    let tree = copy_of("good");
    let mut able = capabilities();
    able["textDocument"]["diagnostic"] = json!({});
    able["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let (mut editor, _) = Editor::start(tree.path(), able, Value::Null).await;
    let owners = editor.open_file(&tree.path().join("registry.k8s.io/images/k8s-staging-widget/OWNERS")).await;
    let path = tree.path().join("OWNERS_ALIASES");
    let aliases = editor.open_file(&path).await;
    editor.listen(Duration::from_millis(500)).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let refreshes = |told: &[Value]| told.iter().filter(|told| told["method"] == "workspace/diagnostic/refresh").count();
    editor.replace(&aliases, 2, &format!("{text}# nothing\n")).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), 0);
    editor.replace(&aliases, 3, &text.replace("widget-maintainers", "gadget-maintainers")).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), 1);
    assert_eq!(rules(&editor.pull(&owners).await), ["owners-unknown-alias"]);
    // What is saved is what was known already; what changes on disk is told once.
    editor.notify("textDocument/didSave", json!({"textDocument": {"uri": owners}})).await;
    editor.listen(Duration::from_millis(500)).await;
    editor.notify("textDocument/didSave", json!({"textDocument": {"uri": owners}})).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), 0);
    let manifest = tree.path().join(MANIFEST);
    std::fs::remove_file(&manifest).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&manifest), "type": 3}]})).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), 1);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn lenses_and_hints_follow_other_files_and_settings() {
    let tree = copy_of("good");
    let mut able = capabilities();
    able["workspace"]["codeLens"] = json!({"refreshSupport": true});
    able["workspace"]["inlayHint"] = json!({"refreshSupport": true});
    able["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    let (mut editor, _) = Editor::start(tree.path(), able, Value::Null).await;
    let images = editor.open_file(&tree.path().join(IMAGES)).await;
    let path = tree.path().join("OWNERS_ALIASES");
    let aliases = editor.open_file(&path).await;
    editor.listen(Duration::from_millis(500)).await;
    let refreshes = |told: &[Value]| {
        let count = |method: &str| told.iter().filter(|told| told["method"] == method).count();
        (count("workspace/codeLens/refresh"), count("workspace/inlayHint/refresh"))
    };
    let text = std::fs::read_to_string(&path).unwrap();
    editor.replace(&aliases, 2, &format!("{text}# nothing\n")).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), (0, 0));
    editor.replace(&aliases, 3, &text.replace("widget-maintainers", "gadget-maintainers")).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), (1, 0));
    let lenses = editor.request("textDocument/codeLens", json!({"textDocument": {"uri": images}})).await;
    assert_eq!(lenses[0]["command"]["title"], "1 finding in this project");
    let settings = json!({"settings": {"promolint": {"codeLens": false, "inlayHints": {"destinations": false}}}});
    editor.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), (1, 1));
    editor.notify("textDocument/didSave", json!({"textDocument": {"uri": images}})).await;
    assert_eq!(refreshes(&editor.listen(Duration::from_millis(500)).await), (0, 0));
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_findings_are_left_out() {
    let tree = copy_of("sample");
    let path = tree.path().join(IMAGES);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&path).await;
    let found = editor.published(&uri, 1).await;
    let (first, rest) = found.split_first().unwrap();
    let message = first["message"].as_str().unwrap().split("\nhelp: ").next().unwrap();
    let known = format!("path = {IMAGES:?}\nrule = {}\nmessage = '{message}'\ncount = 1\n", first["code"]);
    std::fs::write(tree.path().join("known.toml"), format!("version = 1\n\n[[findings]]\n{known}")).unwrap();
    let configuration = tree.path().join("promolint.toml");
    std::fs::write(&configuration, "baseline = \"known.toml\"\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&configuration), "type": 1}]})).await;
    assert_eq!(editor.published(&uri, 1).await, rest);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn directories_go_and_trees_appear() {
    let tree = copy_of("good");
    let manifest = tree.path().join(MANIFEST);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&manifest).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), [""; 0]);
    let directory = tree.path().join(IMAGES).parent().unwrap().to_owned();
    std::fs::remove_dir_all(&directory).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&directory), "type": 3}]})).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), ["missing-images-file"]);
    // A file that stands alone, until there is a tree around it.
    let alone = tempfile::tempdir().unwrap();
    let path = alone.path().join("images/k8s-staging-widget/OWNERS");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let uri = editor.open(&path, "approvers:\n- widget-maintainer\n").await;
    assert_eq!(rules(&editor.published(&uri, 1).await), [""; 0]);
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&path), "type": 1}]})).await;
    let new = alone.path().join("manifests/k8s-staging-widget/promoter-manifest.yaml");
    std::fs::create_dir_all(new.parent().unwrap()).unwrap();
    std::fs::write(&new, std::fs::read_to_string(&manifest).unwrap()).unwrap();
    std::fs::write(alone.path().join("OWNERS_ALIASES"), "aliases:\n  widget-maintainers: [alice]\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": support::uri(&new), "type": 1}]})).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), ["owners-unknown-alias"]);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_again_is_told_again() {
    let tree = copy_of("sample");
    let path = tree.path().join(IMAGES);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&path).await;
    let found = editor.published(&uri, 1).await;
    assert!(!found.is_empty());
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
    editor.open_file(&path).await;
    assert_eq!(editor.published(&uri, 1).await, found);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_looked_at_for_clients_that_do_not() {
    let tree = copy_of("good");
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&tree.path().join("registry.k8s.io/images/k8s-staging-widget/OWNERS")).await;
    assert_eq!(rules(&editor.published(&uri, 1).await), [""; 0]);
    // Long enough for the first look.
    editor.listen(Duration::from_secs(3)).await;
    let aliases = tree.path().join("OWNERS_ALIASES");
    let text = std::fs::read_to_string(&aliases).unwrap();
    std::fs::write(&aliases, text.replace("widget-maintainers", "gadget-maintainers")).unwrap();
    assert_eq!(rules(&editor.published(&uri, 1).await), ["owners-unknown-alias"]);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_clears_and_other_files_get_nothing() {
    let tree = copy_of("sample");
    let path = tree.path().join(IMAGES);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&path).await;
    assert!(!editor.published(&uri, 1).await.is_empty());
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
    assert!(editor.published(&uri, None).await.is_empty());
    let other = tree.path().join("registry.k8s.io/images/k8s-staging-widget/values.yaml");
    let other_uri = editor.open(&other, "a: [\n").await;
    let told = editor.listen(Duration::from_millis(500)).await;
    assert!(!told.iter().any(|message| message["method"] == "textDocument/publishDiagnostics"), "{told:?}");
    let at = json!({"textDocument": {"uri": other_uri}, "position": {"line": 0, "character": 0}});
    for method in ["hover", "completion", "definition", "documentSymbol", "foldingRange", "documentLink"] {
        assert_eq!(editor.request(&format!("textDocument/{method}"), at.clone()).await, Value::Null, "{method}");
    }
    assert!(editor.pull(&other_uri).await.is_empty());
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pulled_findings_have_result_ids_and_nothing_is_pushed() {
    let tree = copy_of("sample");
    let mut able = capabilities();
    able["textDocument"]["diagnostic"] = json!({});
    // Who cannot be told to ask again is told everything.
    let (mut editor, started) = Editor::start(tree.path(), able.clone(), Value::Null).await;
    assert_eq!(started["capabilities"]["diagnosticProvider"], Value::Null);
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    assert!(!editor.published(&uri, 1).await.is_empty());
    assert!(editor.stop().await);
    able["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let (mut editor, _) = Editor::start(tree.path(), able, Value::Null).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    let report = editor.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).await;
    assert_eq!(report["kind"], "full");
    assert!(!report["items"].as_array().unwrap().is_empty());
    let known = json!({"textDocument": {"uri": uri}, "previousResultId": report["resultId"]});
    assert_eq!(editor.request("textDocument/diagnostic", known).await["kind"], "unchanged");
    let all = editor.request("workspace/diagnostic", json!({"previousResultIds": [], "partialResultToken": "parts"})).await;
    assert_eq!(all["items"], json!([]));
    let told = editor.listen(Duration::from_millis(300)).await;
    let parts: Vec<&Value> =
        told.iter().filter(|message| message["method"] == "$/progress" && message["params"]["token"] == "parts").collect();
    let items: Vec<&Value> = parts.iter().flat_map(|part| part["params"]["value"]["items"].as_array().unwrap()).collect();
    assert!(items.iter().any(|item| item["uri"] == uri && item["kind"] == "full" && item["version"] == 1), "{items:#?}");
    assert!(!told.iter().any(|message| message["method"] == "textDocument/publishDiagnostics"));
    // The next time, what did not change is not told again.
    let known: Vec<Value> = items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    let again = editor.request("workspace/diagnostic", json!({"previousResultIds": known})).await;
    assert!(again["items"].as_array().unwrap().iter().all(|item| item["kind"] == "unchanged"), "{again:#?}");
    assert!(editor.stop().await);
}

/// Handlers run concurrently; edits must not.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_changes_keep_their_order() {
    let tree = copy_of("good");
    let path = tree.path().join(IMAGES);
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let mut text = "- name: widget\n  dmap:\n".to_owned();
    let uri = editor.open(&path, &text).await;
    let mut version = 1;
    for seed in 0..1000_u32 {
        version += 1;
        // Each change is right only after the one before it.
        let lines = u32::try_from(text.lines().count()).unwrap();
        let (line, added) = if seed % 3 == 2 { (lines - 1, entry(seed)) } else { (lines, entry(seed)) };
        let at: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
        text.insert_str(at, &added);
        let place = json!({"line": line, "character": 0});
        let change = json!([{"range": {"start": place, "end": place}, "text": added}]);
        editor.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": change})).await;
        if seed % 100 == 0 {
            // Requests in between see the text of the edits before them.
            let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).await;
            assert_eq!(symbols[0]["children"].as_array().unwrap().len(), seed as usize + 1);
        }
    }
    let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).await;
    let mut seen = String::new();
    for digest in symbols[0]["children"].as_array().unwrap() {
        let _ = writeln!(seen, "    \"{}\": [\"{}\"]", digest["name"].as_str().unwrap(), digest["detail"].as_str().unwrap());
    }
    assert_eq!(format!("- name: widget\n  dmap:\n{seen}"), text);
    // What is pushed in the end is of the last version, and nothing older comes after it.
    editor.published(&uri, version).await;
    let late = editor.listen(Duration::from_millis(400)).await;
    assert!(!late.iter().any(|message| message["method"] == "textDocument/publishDiagnostics"
        && message["params"]["version"].as_i64() > Some(i64::from(version))));
    let pulled = editor.pull(&uri).await;
    let (mut other, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let fresh = other.open(&path, &text).await;
    assert_eq!(other.published(&fresh, 1).await, pulled);
    assert!(editor.stop().await && other.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_answered_at_its_start_and_end() {
    let tree = copy_of("good");
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    editor.published(&uri, 1).await;
    let place = json!({"line": 0, "character": 0});
    for version in 2..22 {
        let change = json!([{"range": {"start": place, "end": place}, "text": "#"}]);
        editor.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": change})).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let told = editor.listen(Duration::from_millis(600)).await;
    let versions: Vec<i64> = told.iter().filter_map(|message| message["params"]["version"].as_i64()).collect();
    assert!((2..=3).contains(&versions.len()) && versions.is_sorted() && versions.last() == Some(&21), "{versions:?}");
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_is_read_again_and_a_broken_one_is_told() {
    let tree = copy_of("sample");
    let configuration = tree.path().join("promolint.toml");
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), Value::Null).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    let before = editor.published(&uri, 1).await;
    let rule = rules(&before)[0].to_owned();
    std::fs::write(&configuration, format!("ignore = [\"{rule}\"]\n")).unwrap();
    let changed = json!({"changes": [{"uri": support::uri(&configuration), "type": 1}]});
    editor.notify("workspace/didChangeWatchedFiles", changed.clone()).await;
    let fewer = editor.published(&uri, 1).await;
    assert!(!rules(&fewer).contains(&rule.as_str()) && fewer.len() < before.len());
    // Broken: told in its file; the last good one stays in force.
    std::fs::write(&configuration, "ignore = [\"no-such-rule\"]\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changed.clone()).await;
    let wrong = editor.published(&support::uri(&configuration), None).await;
    assert!(wrong[0]["message"].as_str().unwrap().contains("no-such-rule"), "{wrong:?}");
    assert_eq!(wrong[0]["range"]["start"], json!({"line": 0, "character": 10}));
    assert_eq!(editor.pull(&uri).await, fewer);
    // Typed right, unsaved: nothing to tell in the buffer.
    let toml = editor.open(&configuration, "ignore = [\"tree\"]\n").await;
    assert!(editor.published(&toml, 1).await.is_empty());
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_the_client_count() {
    let tree = copy_of("sample");
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), json!({"select": ["digest-syntax"]})).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    let found = editor.published(&uri, 1).await;
    assert!(!found.is_empty() && rules(&found).iter().all(|rule| *rule == "digest-syntax"), "{found:?}");
    editor.notify("workspace/didChangeConfiguration", json!({"settings": {"promolint": {"enable": false}}})).await;
    assert!(editor.published(&uri, 1).await.is_empty());
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_is_told_once_and_the_rest_counts() {
    let tree = copy_of("sample");
    let options = json!({"select": ["digest-syntax", "tag-sytnax"], "since": null, "codeLens": 3});
    let (mut editor, _) = Editor::start(tree.path(), capabilities(), options.clone()).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    let found = editor.published(&uri, 1).await;
    assert!(!found.is_empty() && rules(&found).iter().all(|rule| *rule == "digest-syntax"), "{found:?}");
    // The same settings once more are no news; better ones are taken in silence.
    editor.notify("workspace/didChangeConfiguration", json!({"settings": {"promolint": options}})).await;
    editor.notify("workspace/didChangeConfiguration", json!({"settings": {"promolint": {"select": ["digest-syntax"]}}})).await;
    let told = editor.listen(Duration::from_millis(500)).await;
    let shown: Vec<&Value> = told.iter().filter(|told| told["method"] == "window/showMessage").map(|told| &told["params"]).collect();
    let message = "settings of promolint that do not count: \
                   `select`: there is no rule or category `tag-sytnax` (did you mean `tag-syntax`?); `codeLens` must be `true` or `false`";
    assert_eq!(shown, [&json!({"type": 2, "message": message})]);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_right_behind_any_character() {
    let tree = copy_of("good");
    let path = tree.path().join(IMAGES);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut able = capabilities();
        able["general"]["positionEncodings"] = json!([encoding]);
        let (mut editor, hello) = Editor::start(tree.path(), able, Value::Null).await;
        assert_eq!(hello["capabilities"]["positionEncoding"], encoding);
        let text = "- {name: \"é\u{1f600}ä\", dmap: {\"sha256:0\": []}}\n";
        let uri = editor.open(&path, text).await;
        editor.published(&uri, 1).await;
        let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).await;
        let digest = &symbols[0]["children"][0];
        let before = "- {name: \"é\u{1f600}ä\", dmap: {";
        let expected = match encoding {
            "utf-8" => before.len(),
            "utf-16" => before.encode_utf16().count(),
            _ => before.chars().count(),
        };
        assert_eq!(digest["range"]["start"]["character"], expected, "{encoding}");
        // An edit behind the characters hits its place.
        let at = |character: usize| json!({"line": 0, "character": character});
        let change = json!([{"range": {"start": at(expected + 1), "end": at(expected + 4)}, "text": "SHA"}]);
        editor.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": change})).await;
        let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).await;
        assert_eq!(symbols[0]["children"][0]["name"], "SHA256:0", "{encoding}");
        assert!(editor.stop().await);
    }
}
