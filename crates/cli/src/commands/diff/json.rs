//! For programs. The shape is a promise; additions are allowed, changes raise `version`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::{ArtifactChange, DestinationChange, FileFate, FileNote, ImageChange};
use serde_json::{Value, json};

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let totals = summary.totals();
    let unseen = summary
        .unseen
        .iter()
        .map(|unseen| json!({"path": unseen.path, "image": unseen.image, "digest": unseen.digest, "reason": unseen.reason}));
    let refused = summary.refused.iter().map(|refused| json!({"path": refused.path, "line": refused.line, "reason": refused.reason}));
    let report = json!({
        "version": 1,
        "totals": {
            "added": totals.added,
            "images": totals.images,
            "tagged": totals.tagged,
            "moved": totals.moved,
            "removed": totals.removed,
            "carried": totals.carried,
            "resorted": totals.resorted,
            "reordered": totals.reordered,
            "destinationsAdded": totals.destinations_added,
            "destinationsRemoved": totals.destinations_removed,
            "artifactsAdded": totals.artifacts_added,
            "artifactsChanged": totals.artifacts_changed,
            "artifactsRemoved": totals.artifacts_removed,
        },
        "images": summary.images.iter().map(image).collect::<Vec<_>>(),
        "reordered": summary.reordered.iter().map(|(path, count)| json!({"path": path, "images": count})).collect::<Vec<_>>(),
        "destinations": summary.destinations.iter().map(destinations).collect::<Vec<_>>(),
        "artifacts": summary.artifacts.iter().map(artifacts).collect::<Vec<_>>(),
        "files": summary.files.iter().map(file).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "promotions": summary.promotions,
        "unseenPromotions": summary.unseen_promotions,
        "unseen": unseen.collect::<Vec<_>>(),
        "untouched": summary.untouched.iter().map(|(path, count)| json!({"path": path, "digests": count})).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn file(file: &FileNote) -> Value {
    let mut value = json!({"path": file.path, "change": super::fate(&file.fate)});
    if let FileFate::Moved { from } = &file.fate {
        value["from"] = json!(from);
    }
    value
}

fn destinations(change: &DestinationChange) -> Value {
    let names = |destinations: &BTreeMap<String, Vec<String>>| destinations.values().flatten().cloned().collect::<Vec<_>>();
    json!({"path": change.path, "project": super::project(&change.path), "added": names(&change.added), "removed": names(&change.removed)})
}

fn artifacts(change: &ArtifactChange) -> Value {
    let listed =
        |files: &[(String, String)]| files.iter().map(|(name, sha256)| json!({"name": name, "sha256": sha256})).collect::<Vec<_>>();
    json!({
        "path": change.path,
        "added": listed(&change.added),
        "changed": change.changed.iter().map(|(name, from, to)| json!({"name": name, "from": from, "to": to})).collect::<Vec<_>>(),
        "removed": listed(&change.removed),
    })
}

fn image(image: &ImageChange) -> Value {
    json!({
        "path": image.path,
        "project": super::project(&image.path),
        "name": image.name,
        "added": image.added.iter().map(|(digest, tags)| json!({"digest": digest, "tags": tags})).collect::<Vec<_>>(),
        "tagged": image.tagged.iter().map(|(digest, tag)| json!({"digest": digest, "tag": tag})).collect::<Vec<_>>(),
        "moved": image.moved.iter().map(|(tag, from, to)| json!({"tag": tag, "from": from, "to": to})).collect::<Vec<_>>(),
        "removed": image.removed.iter().map(|(digest, tag)| json!({"digest": digest, "tag": tag})).collect::<Vec<_>>(),
        "carried": image.carried.iter().map(|(path, count)| json!({"from": path, "entries": count})).collect::<Vec<_>>(),
        "resorted": image.resorted,
    })
}
