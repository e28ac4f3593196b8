//! Tags in the order of releases.

use std::cmp::Ordering;

/// A tag, in the order of releases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release<'t> {
    /// What stands before the first number: `v`, `bullseye-v`.
    pub kind: &'t str,
    /// The whole tag.
    pub tag: &'t str,
}

impl<'t> Release<'t> {
    /// The place of a tag.
    pub fn of(tag: &'t str) -> Self {
        let number = tag.find(|character: char| character.is_ascii_digit()).unwrap_or(tag.len());
        Self { kind: &tag[..number], tag }
    }

    /// Numbers and what stands between them. The end of a tag counts less than a further number and more
    /// than a suffix, as of a release candidate.
    fn parts(&self) -> impl Iterator<Item = Part<'t>> {
        let mut rest = &self.tag[self.kind.len()..];
        std::iter::from_fn(move || {
            let is_number = rest.starts_with(|character: char| character.is_ascii_digit());
            let end = rest.find(|character: char| character.is_ascii_digit() != is_number).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            rest = behind;
            match part {
                "" => None,
                _ if is_number => Some(Part::Number(part.parse().unwrap_or(u64::MAX))),
                "." => Some(Part::Dot),
                _ => Some(Part::Word(part)),
            }
        })
        .chain([Part::End])
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part<'t> {
    Word(&'t str),
    End,
    Dot,
    Number(u64),
}

impl Ord for Release<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind.cmp(other.kind).then_with(|| self.parts().cmp(other.parts())).then_with(|| self.tag.cmp(other.tag))
    }
}

impl PartialOrd for Release<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn tags_are_ordered_as_releases() {
        let mut tags = ["v1.10.0", "v1.9.0", "v1.10.0-rc.1", "v1.10.0-alpha.2", "v1.10", "1.2.3", "v1.10.1", "v20240101-abc"];
        tags.sort_by_key(|tag| Release::of(tag));
        assert_eq!(tags, ["1.2.3", "v1.9.0", "v1.10", "v1.10.0-alpha.2", "v1.10.0-rc.1", "v1.10.0", "v1.10.1", "v20240101-abc"]);
    }
}
