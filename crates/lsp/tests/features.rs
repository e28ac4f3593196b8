//! Help in the editor, through the transport.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Editor, capabilities, copy_of};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
const OWNERS: &str = "registry.k8s.io/images/k8s-staging-widget/OWNERS";

/// Where a word stands in a text, `skip` bytes into it. ASCII only.
fn at(text: &str, word: &str, skip: usize) -> Value {
    let offset = text.find(word).unwrap_or_else(|| panic!("no {word}")) + skip;
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |before| before + 1);
    json!({"line": line, "character": offset - start})
}

/// Applies the edits of a file in a workspace edit.
fn applied(text: &str, edit: &Value, uri: &str) -> String {
    let changes = edit["documentChanges"].as_array().unwrap();
    let edits = changes.iter().find(|change| change["textDocument"]["uri"] == uri).unwrap()["edits"].as_array().unwrap();
    let offset = |place: &Value| {
        let line = place["line"].as_u64().unwrap();
        let start: usize = text.split_inclusive('\n').take(usize::try_from(line).unwrap()).map(str::len).sum();
        start + usize::try_from(place["character"].as_u64().unwrap()).unwrap()
    };
    let mut sorted: Vec<_> = edits
        .iter()
        .map(|edit| (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), edit["newText"].as_str().unwrap()))
        .collect();
    sorted.sort_unstable();
    let mut result = text.to_owned();
    for (start, end, new) in sorted.into_iter().rev() {
        result.replace_range(start..end, new);
    }
    result
}

fn labels(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

async fn start(tree: &std::path::Path) -> Editor {
    Editor::start(tree, capabilities(), Value::Null).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_repair_with_the_version_of_the_document() {
    let tree = copy_of("good");
    let path = tree.path().join(IMAGES);
    let mut editor = start(tree.path()).await;
    let text = format!(
        "- name: widget\n  dmap:\n    sha256:{0}: [\"v1.0.0\"]\n    'sha256:{1}': [\"V1.1.0\"]\n    sha256:{2}: [\"v1.2.0\"]\n",
        "1234567890abcdef".repeat(4),
        "234567890abcdef1".repeat(4),
        "34567890abcdef12".repeat(4)
    );
    let uri = editor.open(&path, &text).await;
    editor.replace(&uri, 7, &text).await;
    let place = at(&text, "sha256:1234", 0);
    let ask = |place: Value, only: Value| json!({"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": [], "only": only}});
    let actions = editor.request("textDocument/codeAction", ask(place.clone(), Value::Null)).await;
    let find = |actions: &Value, title: &str| {
        let found = actions.as_array().unwrap().iter().find(|action| action["title"].as_str().unwrap().starts_with(title));
        found.unwrap_or_else(|| panic!("no {title} in {actions:#}")).clone()
    };
    let all = find(&actions, "Quote all digests");
    assert_eq!(all["edit"]["documentChanges"][0]["textDocument"]["version"], 7);
    let quoted = applied(&text, &all["edit"], &uri);
    assert_eq!(quoted.matches("\"sha256:").count(), 3, "{quoted}");
    let suppressed = applied(&text, &find(&actions, "Allow `digest-not-visible` here")["edit"], &uri);
    assert!(suppressed.contains("    # promolint: allow(digest-not-visible) TODO: say why\n    sha256:1234"), "{suppressed}");
    // What needs a look is confirmed.
    let unsure = editor.request("textDocument/codeAction", ask(at(&text, "V1.1.0", 1), Value::Null)).await;
    let unsure = find(&unsure, "Write `v1.1.0`");
    let annotation = unsure["edit"]["documentChanges"][0]["edits"][0]["annotationId"].as_str().unwrap().to_owned();
    assert_eq!(unsure["edit"]["changeAnnotations"][annotation]["needsConfirmation"], true);
    assert_eq!(unsure["diagnostics"][0]["code"], "tag-shape");
    let unfiltered = editor.request("textDocument/codeAction", ask(place, json!([]))).await;
    assert_eq!(unfiltered, actions);
    // On save: what is sure, and nothing else.
    let everything = editor.request("textDocument/codeAction", ask(at(&text, "- name", 0), json!(["source.fixAll"]))).await;
    assert_eq!(everything.as_array().unwrap().len(), 1);
    let fixed = applied(&text, &everything[0]["edit"], &uri);
    assert!(fixed.contains("V1.1.0") && fixed.matches("\"sha256:").count() == 3, "{fixed}");
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_are_resolved_for_their_version_only() {
    let tree = copy_of("good");
    let path = tree.path().join(IMAGES);
    let mut able = capabilities();
    able["textDocument"]["codeAction"]["dataSupport"] = json!(true);
    able["textDocument"]["codeAction"]["resolveSupport"] = json!({"properties": ["edit"]});
    let (mut editor, _) = Editor::start(tree.path(), able, Value::Null).await;
    let text = format!("- name: widget\n  dmap:\n    sha256:{}: [\"v1.0.0\"]\n", "1234567890abcdef".repeat(4));
    let uri = editor.open(&path, &text).await;
    let place = at(&text, "sha256", 0);
    let params = json!({"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}});
    let actions = editor.request("textDocument/codeAction", params).await;
    // What editors run by themselves on saving, some of them never resolve.
    let resolved_later = |action: &&Value| !action["kind"].as_str().unwrap().starts_with("source.fixAll");
    assert!(actions.as_array().unwrap().iter().filter(resolved_later).all(|action| action.get("edit").is_none()));
    let resolved = editor.request("codeAction/resolve", actions[0].clone()).await;
    assert!(applied(&text, &resolved["edit"], &uri).contains("\"sha256:"));
    editor.replace(&uri, 2, &format!("# one line more\n{text}")).await;
    let number = editor.ask("codeAction/resolve", actions[0].clone()).await;
    assert_eq!(editor.answer(number).await["error"]["code"], -32801);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_files_are_created_and_digests_sorted() {
    let tree = copy_of("good");
    std::fs::remove_file(tree.path().join(OWNERS)).unwrap();
    let mut editor = start(tree.path()).await;
    let path = tree.path().join(IMAGES);
    let digest = |seed: u32| format!("    \"sha256:{:064x}\": ", u64::from(seed) * 7_919 + 11);
    let text = format!(
        "- name: widget\n  dmap:\n{}[\"v1.0.0\"]\n{}[\"v1.1.0\"]\n{}[\"v1.2.0\"]\n- name: widget-arm64\n  dmap:\n{}[\"v1.2.0\"]\n    # the first one\n{}[\"v1.0.0\"]\n",
        digest(1),
        digest(2),
        digest(3),
        digest(4),
        digest(5)
    );
    let uri = editor.open(&path, &text).await;
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 20}});
    let actions = editor
        .request("textDocument/codeAction", json!({"textDocument": {"uri": uri}, "range": all, "context": {"diagnostics": []}}))
        .await;
    let create = actions.as_array().unwrap().iter().find(|action| action["title"].as_str().unwrap().starts_with("Create"));
    let manifest_uri = editor.open_file(&tree.path().join(MANIFEST)).await;
    let create = if let Some(create) = create {
        create.clone()
    } else {
        let actions = editor.request("textDocument/codeAction", json!({"textDocument": {"uri": manifest_uri}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 60, "character": 0}}, "context": {"diagnostics": []}})).await;
        actions
            .as_array()
            .unwrap()
            .iter()
            .find(|action| action["title"].as_str().unwrap().starts_with("Create"))
            .unwrap_or_else(|| panic!("{actions:#}"))
            .clone()
    };
    assert_eq!(create["edit"]["documentChanges"][0]["kind"], "create");
    assert!(create["edit"]["documentChanges"][0]["uri"].as_str().unwrap().ends_with(OWNERS));
    let place = at(&text, "widget-arm64", 3);
    let actions = editor
        .request(
            "textDocument/codeAction",
            json!({"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}),
        )
        .await;
    let sort = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|action| action["title"].as_str().unwrap().contains("oldest first"))
        .unwrap_or_else(|| panic!("{actions:#}"));
    let sorted = applied(&text, &sort["edit"], &uri);
    assert!(sorted.ends_with(&format!("  dmap:\n    # the first one\n{}[\"v1.0.0\"]\n{}[\"v1.2.0\"]\n", digest(5), digest(4))), "{sorted}");
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_knows_the_tree() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let path = tree.path().join(MANIFEST);
    let text = std::fs::read_to_string(&path).unwrap();
    // Without its last destination, and with half an entry.
    let cut = text.rfind("- name: ").unwrap();
    let missing = text[cut + 8..].lines().next().unwrap().to_owned();
    let half = format!("{}- name: ", &text[..cut]);
    let uri = editor.open(&path, &half).await;
    let end = |text: &str| json!({"line": text.matches('\n').count(), "character": text.len() - text.rfind('\n').map_or(0, |at| at + 1)});
    let complete = |text: &str| json!({"textDocument": {"uri": uri}, "position": end(text)});
    assert_eq!(labels(&editor.request("textDocument/completion", complete(&half)).await), [missing.as_str()]);
    let half = format!("{half}{missing}\n  service-account: ");
    editor.replace(&uri, 2, &half).await;
    assert!(labels(&editor.request("textDocument/completion", complete(&half)).await)[0].contains("gserviceaccount"));
    let half = format!("{}  ", half.trim_end_matches("  service-account: "));
    editor.replace(&uri, 3, &half).await;
    let items = editor.request("textDocument/completion", complete(&half)).await;
    // There is a source already.
    assert_eq!(labels(&items), ["service-account"]);
    assert!(items[0]["documentation"]["value"].as_str().unwrap().contains("account"));

    let owners = tree.path().join(OWNERS);
    let uri = editor.open(&owners, "approvers:\n- \n").await;
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}});
    let people = labels(&editor.request("textDocument/completion", place).await);
    assert!(people.len() > 2, "{people:?}");

    let images = tree.path().join(IMAGES);
    let uri = editor.open(&images, "# promolint: allow(tag-").await;
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 23}});
    assert!(labels(&editor.request("textDocument/completion", place).await).contains(&"tag-leading-v".to_owned()));
    editor.replace(&uri, 2, "").await;
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
    let items = editor.request("textDocument/completion", place).await;
    let snippet = items.as_array().unwrap().iter().find(|item| item["label"] == "image").unwrap();
    assert_eq!((&snippet["insertTextFormat"], &snippet["insertTextMode"]), (&json!(2), &json!(2)));

    let toml = tree.path().join("promolint.toml");
    let uri = editor.open(&toml, "ignore = [\"dig").await;
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 14}});
    assert!(labels(&editor.request("textDocument/completion", place).await).contains(&"digest-syntax".to_owned()));
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_without_snippets_get_keys_only() {
    let tree = copy_of("good");
    let (mut editor, _) = Editor::start(tree.path(), json!({}), Value::Null).await;
    let uri = editor.open(&tree.path().join(OWNERS), "approvers:\n- alice\n").await;
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 2, "character": 0}});
    let items = editor.request("textDocument/completion", place).await;
    let reviewers = items.as_array().unwrap().iter().find(|item| item["label"] == "reviewers").unwrap();
    assert_eq!((&reviewers["textEdit"]["newText"], reviewers.get("insertTextFormat")), (&json!("reviewers:"), None));
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hover_and_navigation_cross_files() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let (images, manifest) = (tree.path().join(IMAGES), tree.path().join(MANIFEST));
    let text = std::fs::read_to_string(&images).unwrap();
    let uri = editor.open_file(&images).await;
    let hover = |position: Value| json!({"textDocument": {"uri": uri}, "position": position});
    let of = |answer: Value| answer["contents"]["value"].as_str().unwrap().to_owned();
    let digest = of(editor.request("textDocument/hover", hover(at(&text, "sha256:", 3))).await);
    assert!(digest.contains("Tags: `") && digest.contains("Promoted to 22 destinations"), "{digest}");
    let tag = of(editor.request("textDocument/hover", hover(at(&text, "\": [\"v", 6))).await);
    assert!(tag.contains("docker pull registry.k8s.io/widget/"), "{tag}");
    let definition = editor.request("textDocument/definition", hover(at(&text, "name: ", 7))).await;
    assert_eq!(definition[0]["uri"], support::uri(&manifest));

    let manifest_text = std::fs::read_to_string(&manifest).unwrap();
    let manifest_uri = editor.open_file(&manifest).await;
    let place = json!({"textDocument": {"uri": manifest_uri}, "position": at(&manifest_text, "src: true", 0)});
    assert_eq!(editor.request("textDocument/hover", place).await, Value::Null);
    let source = json!({"textDocument": {"uri": manifest_uri}, "position": at(&manifest_text, "- name: ", 10)});
    assert!(of(editor.request("textDocument/hover", source.clone()).await).contains("Source: staging of project `widget`"));
    let declared = editor.request("textDocument/definition", source).await;
    assert!(!declared.as_array().unwrap().is_empty());
    let links = editor.request("textDocument/documentLink", json!({"textDocument": {"uri": manifest_uri}})).await;
    assert_eq!(links.as_array().unwrap().len(), 23);
    let hints = editor.request("textDocument/inlayHint", json!({"textDocument": {"uri": manifest_uri}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}})).await;
    assert_eq!(hints[0]["label"], "+22 destinations");

    let symbols = editor.request("workspace/symbol", json!({"query": "widget"})).await;
    assert!(symbols.as_array().unwrap().iter().any(|symbol| symbol["location"]["uri"] == uri && symbol["name"] == "widget"), "{symbols:#}");
    let lenses = editor.request("textDocument/codeLens", json!({"textDocument": {"uri": uri}})).await;
    assert!(lenses[1]["command"]["title"].as_str().unwrap().contains("newest tag v"), "{lenses:#}");
    for method in ["documentSymbol", "foldingRange", "semanticTokens/full"] {
        assert_ne!(editor.request(&format!("textDocument/{method}"), json!({"textDocument": {"uri": uri}})).await, Value::Null);
    }
    let selections =
        editor.request("textDocument/selectionRange", json!({"textDocument": {"uri": uri}, "positions": [at(&text, "sha256:", 3)]})).await;
    assert!(selections[0]["parent"]["parent"]["range"].is_object());
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hover_names_what_was_forgotten() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let digest = |seed: usize| format!("sha256:{:064x}", (seed + 1) * 7_919);
    let entry = |first: usize, tag: usize| format!("    \"{}\": [\"v0.{tag}.0\"]\n", digest(first + tag));
    let entries = |first: usize, tags: usize| (0..tags).map(|tag| entry(first, tag)).collect::<Vec<_>>().concat();
    let text = format!(
        "- name: driver\n  dmap:\n{}- name: driver-crds\n  dmap:\n{}    '{}': [\"v8\"]\n    \"sha256:12\": [\"v9\"]\n",
        entries(0, 7),
        entries(20, 6),
        digest(50)
    );
    let uri = editor.open(&tree.path().join(IMAGES), &text).await;
    let ask = |word: &str| json!({"textDocument": {"uri": uri}, "position": at(&text, word, 2)});
    for (word, told) in [
        ("v0.6.0", "It is not on `driver-crds`"),
        (&digest(0), "Promoted to 22 destinations"),
        (&digest(50), "Nothing is promoted: the promoter sees"),
        ("sha256:12", "Nothing is promoted: it is no whole digest"),
    ] {
        let answer = editor.request("textDocument/hover", ask(word)).await;
        assert!(answer["contents"]["value"].as_str().unwrap().contains(told), "{word}: {answer:#}");
    }
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_are_renamed_everywhere() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let aliases = tree.path().join("OWNERS_ALIASES");
    let text = std::fs::read_to_string(&aliases).unwrap();
    let uri = editor.open_file(&aliases).await;
    let name = text.lines().nth(1).unwrap().trim().trim_end_matches(':').to_owned();
    let place = at(&text, &name, 1);
    let prepared = editor.request("textDocument/prepareRename", json!({"textDocument": {"uri": uri}, "position": place})).await;
    assert_eq!(prepared["placeholder"], name);
    let references = editor
        .request(
            "textDocument/references",
            json!({"textDocument": {"uri": uri}, "position": place, "context": {"includeDeclaration": true}}),
        )
        .await;
    let edit =
        editor.request("textDocument/rename", json!({"textDocument": {"uri": uri}, "position": place, "newName": "other-leads"})).await;
    let edits: usize = edit["documentChanges"].as_array().unwrap().iter().map(|change| change["edits"].as_array().unwrap().len()).sum();
    assert_eq!(edits, references.as_array().unwrap().len());
    assert!(edits > 1);
    let number = editor.ask("textDocument/rename", json!({"textDocument": {"uri": uri}, "position": place, "newName": "no name"})).await;
    assert_eq!(editor.answer(number).await["error"]["code"], -32602);
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_typed_files_are_not_formatted_and_nobody_is_disturbed() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let uri = editor.open(&tree.path().join(IMAGES), "- name: widget\n  dmap: {\n").await;
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let whole = json!({"textDocument": {"uri": uri}, "options": options});
    let part = json!({"textDocument": {"uri": uri}, "options": options, "range": range});
    assert_eq!(editor.request("textDocument/formatting", whole).await, Value::Null);
    assert_eq!(editor.request("textDocument/rangeFormatting", part).await, Value::Null);
    let told = editor.listen(Duration::from_millis(300)).await;
    let count = |method: &str| told.iter().filter(|told| told["method"] == method).count();
    assert_eq!((count("window/showMessage"), count("window/logMessage")), (0, 2), "{told:#?}");
    assert!(editor.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_protocol_is_kept() {
    let tree = copy_of("good");
    let mut editor = start(tree.path()).await;
    let uri = editor.open_file(&tree.path().join(IMAGES)).await;
    let number = editor.ask("textDocument/noSuchThing", json!({})).await;
    assert_eq!(editor.answer(number).await["error"]["code"], -32601);
    let number = editor.ask("textDocument/hover", json!({"wrong": 1})).await;
    assert_eq!(editor.answer(number).await["error"]["code"], -32602);
    // Each request is answered once, cancelled or not.
    let mut numbers = Vec::new();
    for _ in 0..40 {
        numbers.push(editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).await);
    }
    editor.notify("$/cancelRequest", json!({"id": numbers[39]})).await;
    for number in numbers {
        let answer = editor.answer(number).await;
        assert!(answer.get("result").is_some() || answer["error"]["code"] == -32800, "{answer}");
    }
    let page = editor.request("workspace/executeCommand", json!({"command": "promolint.explain", "arguments": ["tag-shape"]})).await;
    assert!(page.as_str().unwrap().contains("### tag-shape"));
    assert!(
        editor
            .request("textDocument/formatting", json!({"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": true}}))
            .await
            .is_array()
    );
    assert!(!editor.hang_up().await, "hanging up is no goodbye");
}
