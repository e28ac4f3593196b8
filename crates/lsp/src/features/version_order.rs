//! The order of tags by version.

use std::cmp::Ordering;

use promolint_analysis::model::Version;

/// By version, a pre-release before its release; tags without a version before all others, by text.
pub fn by_version(a: &str, b: &str) -> Ordering {
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

/// The tag with the highest version; none where no tag has one.
pub fn newest<'t>(tags: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    tags.filter(|tag| Version::parse(tag).is_some()).max_by(|a, b| by_version(a, b))
}

/// What versions are ordered by, in this order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'t> {
    release: Vec<u64>,
    is_release: bool,
    /// What makes it a pre-release.
    suffix: Vec<(&'t str, u64)>,
}

fn key(tag: &str) -> Option<Key<'_>> {
    let version = Version::parse(tag)?;
    let suffix = version.number.split_once('-').map(|(_, suffix)| suffix);
    Some(Key { release: version.release(), is_release: suffix.is_none(), suffix: suffix.map_or_else(Vec::new, numbered) })
}

/// `rc.10` as names and numbers, so that it stands behind `rc.9`.
fn numbered(suffix: &str) -> Vec<(&str, u64)> {
    let parts = suffix.split(['-', '.']).map(|part| {
        let name = part.trim_end_matches(|last: char| last.is_ascii_digit());
        (name, part[name.len()..].parse().unwrap_or(0))
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::{by_version, newest};

    #[test]
    fn versions_are_in_order() {
        let ordered = ["main", "v2024", "v1.9.0", "v1.10.0-alpha.1", "v1.10.0-rc.1", "v1.10.0-rc.2", "v1.10.0-rc.10", "v1.10.0", "v10.0.0"];
        let mut tags = ordered;
        tags.reverse();
        tags.sort_by(|a, b| by_version(a, b));
        assert_eq!(tags, ordered);
    }

    #[test]
    fn the_newest_tag() {
        for (tags, expected) in [
            (&["v1.0.0-rc.2", "v1.0.0-rc.10", "v1.0.0-rc.1"][..], Some("v1.0.0-rc.10")),
            (&["v1.0.0-rc.2", "v1.0.0"], Some("v1.0.0")),
            (&["1.2.0", "latest"], Some("1.2.0")),
            (&["latest"], None),
        ] {
            assert_eq!(newest(tags.iter().copied()), expected, "{tags:?}");
        }
    }
}
