//! Where a file stands in a promotion tree, by its path.

use crate::file::{Half, SourceFile};

/// The parts of `<root>/<half>/<directory>/<name>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// Directory of the tree, `""` if it is the checked root.
    pub root: &'a str,
    /// The half below it.
    pub half: Half,
    /// What stands between the half and the name: `k8s-staging-kueue`; `""` if nothing does, with
    /// `/` if the file stands too deep.
    pub directory: &'a str,
    /// The file's name.
    pub name: &'a str,
}

impl<'a> Place<'a> {
    /// The place of a file, by the first part of its path that names a half.
    pub fn of(file: &'a SourceFile) -> Option<Self> {
        Self::parse(file.path())
    }

    /// The place of a path.
    pub fn parse(path: &'a str) -> Option<Self> {
        let (above, name) = path.rsplit_once('/')?;
        let mut start = 0;
        for part in above.split('/') {
            let end = start + part.len();
            if let Some(half) = Half::named(part) {
                let root = above[..start].trim_end_matches('/');
                let directory = above[end..].trim_start_matches('/');
                return Some(Self { root, half, directory, name });
            }
            start = end + 1;
        }
        None
    }

    /// Whether the file stands where files of a project belong: in one directory below the half.
    pub fn is_in_project(&self) -> bool {
        !self.directory.is_empty() && !self.directory.contains('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let place = Place::parse("registry.k8s.io/images/k8s-staging-x/images.yaml").unwrap();
        assert_eq!(
            (place.root, place.half, place.directory, place.name),
            ("registry.k8s.io", Half::Images, "k8s-staging-x", "images.yaml")
        );
        let place = Place::parse("manifests/promoter-manifest.yaml").unwrap();
        assert_eq!((place.root, place.directory, place.is_in_project()), ("", "", false));
        assert_eq!(Place::parse("a/b/images/c/d/e.yaml").unwrap().directory, "c/d");
        assert_eq!(Place::parse("images"), None);
    }
}
