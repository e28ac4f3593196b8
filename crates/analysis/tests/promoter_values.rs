//! Every document that the promoter accepts reads the same here: names, digests, tags, registries,
//! bases and files.
//!
//! The documents are those of `oracle/documents.jsonl` in the directory that `PROMOLINT_SHARED` names
//! (`../shared` beside the checkout by default). Skipped, saying so, where it is missing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::model::{Image, Model, Word};
use promolint_analysis::repository::Repository;
use promolint_analysis::{FileKind, Policy, Snapshot, SourceFile};
use serde_json::{Map, Value, json};

fn documents() -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    fs::read_to_string(shared.join("oracle/documents.jsonl")).ok()
}

fn kind(name: &str) -> FileKind {
    match name {
        "images" => FileKind::Images,
        "promoter-manifest" => FileKind::PromoterManifest,
        "plain" => FileKind::PlainManifest,
        "filepromoter-manifest" => FileKind::FilePromoterManifest,
        "files" => FileKind::FileManifest,
        other => panic!("unknown kind {other}"),
    }
}

fn text(word: Option<&Word<'_>>) -> Value {
    word.map_or("", Word::as_str).into()
}

fn images(images: &[Image<'_>]) -> Value {
    let image = |image: &Image<'_>| {
        let digests: BTreeMap<&str, Vec<&str>> =
            image.entries().map(|entry| (entry.digest.as_str(), entry.tags.iter().map(Word::as_str).collect())).collect();
        json!({"Name": text(image.name.as_ref()), "Dmap": digests})
    };
    images.iter().map(image).collect()
}

/// What the model says, in the shape of the rows.
fn read(model: &Model<'_>, is_plain: bool) -> Value {
    match model {
        Model::Images(file) => images(&file.images),
        Model::Promoter(manifest) => {
            let registries: Value = manifest
                .registries
                .iter()
                .map(|registry| json!({"Name": text(registry.name.as_ref()), "ServiceAccount": text(registry.service_account.as_ref()), "Src": registry.is_source}))
                .collect();
            if is_plain { json!({"registries": registries, "images": images(&manifest.images)}) } else { registries }
        }
        Model::FilePromoter(manifest) => {
            let filestore = |store: &promolint_analysis::model::Filestore<'_>| json!({"base": text(store.base.as_ref()), "service-account": text(store.service_account.as_ref()), "src": store.is_source});
            json!({"filestores": manifest.filestores.iter().map(filestore).collect::<Value>()})
        }
        Model::Files(manifest) => {
            let file = |file: &promolint_analysis::model::FileEntry<'_>| json!({"name": text(file.name.as_ref()), "sha256": text(file.sha256.as_ref())});
            json!({"files": manifest.files.iter().map(file).collect::<Value>()})
        }
        other => panic!("no promotion file: {other:?}"),
    }
}

/// A row's value with everything empty left out, as Go does in some places and not in others.
fn without_empty(value: &Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !is_empty(value)).map(|(key, value)| (key.clone(), without_empty(value)));
            // An empty map or list is the same as none.
            Value::Object(kept.filter(|(key, value)| key.starts_with("sha256:") || !is_empty_collection(value)).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(without_empty).collect(),
        other => other.clone(),
    }
}

fn is_empty_collection(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

/// The tags of a digest may be null in the rows.
fn with_lists(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| match (key.as_str(), value) {
                ("Dmap", Value::Object(digests)) => {
                    let digests: Map<String, Value> = digests
                        .iter()
                        .map(|(digest, tags)| (format!("sha256:{digest}"), if tags.is_null() { json!([]) } else { tags.clone() }))
                        .collect();
                    (key.clone(), digests.into())
                }
                _ => (key.clone(), with_lists(value)),
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(with_lists).collect(),
        Value::Null => json!([]),
        other => other.clone(),
    }
}

#[test]
fn accepted_documents_read_as_the_promoter_reads_them() {
    let Some(documents) = documents() else {
        eprintln!("skipped: no oracle documents here");
        return;
    };
    let policy = Policy::builtin();
    let (mut wrong, mut total) = (Vec::new(), 0);
    for line in documents.lines() {
        let row: Value = serde_json::from_str(line).expect("a row of JSON");
        if row["accept"] != true {
            continue;
        }
        total += 1;
        let kind = kind(row["kind"].as_str().expect("a kind"));
        let source = SourceFile::new("file.yaml", kind, row["text"].as_str().expect("text"));
        let snapshot = Snapshot::new(vec![Arc::new(source)], false);
        let repository = Repository::new(&snapshot, &policy);
        let found = without_empty(&with_lists(&read(repository.files[0].model, kind == FileKind::PlainManifest)));
        let expected = without_empty(&with_lists(&row["value"]));
        if found != expected {
            wrong.push(format!(
                "{} {:?}\n  text     {:?}\n  found    {found}\n  promoter {expected}",
                row["id"], row["change"], row["text"]
            ));
        }
    }
    assert!(total > 0);
    assert!(wrong.is_empty(), "{} of {total} read differently:\n{}", wrong.len(), wrong.join("\n"));
}
