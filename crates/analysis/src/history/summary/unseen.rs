//! What the promoter's diff mode does not see: it looks at added lines of the diff and takes the first digest in
//! double quotes of each.

use super::super::{Change, Entry};
use super::Unseen;

/// New entries that are not seen, and those that came from a file that is promoted to another place.
pub(crate) fn unseen(change: &Change<'_>) -> Vec<Unseen> {
    let mut unseen: Vec<Unseen> = Vec::new();
    for entry in change.entries.added.iter().filter(|entry| !entry.file.is_frozen) {
        if change.entries.came_from(entry).is_some_and(|from| !change.entries.is_elsewhere(from, entry)) {
            continue;
        }
        let Some(reason) = reason(change, entry) else { continue };
        let (path, image) = (entry.file.source.path().to_string(), entry.name().to_owned());
        let found = Unseen { path, image, digest: entry.digest().to_owned(), reason };
        // The tags of a digest follow each other.
        if unseen.last() != Some(&found) {
            unseen.push(found);
        }
    }
    unseen
}

/// Why an entry is not seen; none if it is.
pub(super) fn reason(change: &Change<'_>, entry: &Entry<'_>) -> Option<&'static str> {
    let source = entry.file.source;
    let range = entry.promoted.digest.range();
    if !change.touches(source.path(), range) {
        return Some("the line of the digest did not change");
    }
    match first_visible(source.line_at(range.start())) {
        Some(first) if first == entry.digest() => None,
        _ if source.slice(range) == format!("\"{}\"", entry.digest()) => Some("another digest stands before it on the line"),
        _ => Some("the digest is not in double quotes"),
    }
}

/// The first `"sha256:…"` with 64 lower-case hex digits.
fn first_visible(line: &str) -> Option<&str> {
    line.match_indices("\"sha256:").find_map(|(at, _)| {
        let (digest, behind) = line[at + 1..].split_at_checked("sha256:".len() + 64)?;
        let is_hex = digest["sha256:".len()..].bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (is_hex && behind.starts_with('"')).then_some(digest)
    })
}
