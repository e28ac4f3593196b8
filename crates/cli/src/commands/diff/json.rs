//! For programs. The shape is a promise; additions are allowed, changes raise `version`.

use std::io::{self, Write};

use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::ImageChange;
use serde_json::{Value, json};

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let totals = summary.totals();
    let unseen = summary
        .unseen
        .iter()
        .map(|unseen| json!({"path": unseen.path, "image": unseen.image, "digest": unseen.digest, "reason": unseen.reason}));
    let report = json!({
        "version": 1,
        "totals": {
            "added": totals.added,
            "images": totals.images,
            "tagged": totals.tagged,
            "moved": totals.moved,
            "removed": totals.removed,
            "resorted": totals.resorted,
        },
        "images": summary.images.iter().map(image).collect::<Vec<_>>(),
        "files": summary.files.iter().map(|(path, fate)| json!({"path": path, "change": super::fate(*fate)})).collect::<Vec<_>>(),
        "promotions": summary.promotions,
        "unseen": unseen.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn image(image: &ImageChange) -> Value {
    json!({
        "path": image.path,
        "name": image.name,
        "added": image.added.iter().map(|(digest, tags)| json!({"digest": digest, "tags": tags})).collect::<Vec<_>>(),
        "tagged": image.tagged.iter().map(|(digest, tag)| json!({"digest": digest, "tag": tag})).collect::<Vec<_>>(),
        "moved": image.moved.iter().map(|(tag, from, to)| json!({"tag": tag, "from": from, "to": to})).collect::<Vec<_>>(),
        "removed": image.removed.iter().map(|(digest, tag)| json!({"digest": digest, "tag": tag})).collect::<Vec<_>>(),
        "resorted": image.resorted,
    })
}
