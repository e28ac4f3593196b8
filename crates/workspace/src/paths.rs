//! Paths without asking the disk: absolute, without `.` and `..`, and relative to one another.

use std::path::{Component, Path, PathBuf};

/// `path` as seen from `directory`, absolute, with `.` and `..` resolved by the text alone: symbolic
/// links keep the name that the user gave.
pub(crate) fn absolute(directory: &Path, path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in directory.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// `path` relative to `root`, with `/`; none if it does not lie there. The root itself is `""`.
pub(crate) fn below(root: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(root).ok().map(slashed)
}

/// `path` as one standing in `directory` would write it, with `/` and, where needed, `../`.
pub(crate) fn seen_from(directory: &Path, path: &Path) -> String {
    let shared = common(directory, path);
    let above = directory.strip_prefix(&shared).map_or(0, |rest| rest.components().count());
    let mut result = "../".repeat(above);
    match path.strip_prefix(&shared) {
        // Nothing shared, as with two drives.
        Err(_) => return slashed(path),
        Ok(rest) => result.push_str(&slashed(rest)),
    }
    match result.strip_suffix('/') {
        Some(trimmed) => trimmed.to_owned(),
        None if result.is_empty() => ".".to_owned(),
        None => result,
    }
}

/// The nearest directory above both.
pub(crate) fn common(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
}

fn slashed(path: &Path) -> String {
    let mut result = String::new();
    for part in path.components() {
        match part {
            Component::RootDir => result.push('/'),
            part => {
                if !result.is_empty() && !result.ends_with('/') {
                    result.push('/');
                }
                result.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute() {
        for (directory, path, result) in
            [("/a/b", "c", "/a/b/c"), ("/a/b", "./c/", "/a/b/c"), ("/a/b", "../c", "/a/c"), ("/a/b", ".", "/a/b"), ("/a", "../../..", "/")]
        {
            assert_eq!(absolute(Path::new(directory), Path::new(path)), Path::new(result), "{directory} {path}");
        }
    }

    #[test]
    fn paths_are_seen_from_a_directory() {
        for (directory, path, result) in [
            ("/a/b", "/a/b/c/d", "c/d"),
            ("/a/b", "/a/c", "../c"),
            ("/a/b/c", "/a", "../.."),
            ("/a/b", "/a/b", "."),
            ("/a", "/x/y", "../x/y"),
            ("/", "/x", "x"),
        ] {
            assert_eq!(seen_from(Path::new(directory), Path::new(path)), result, "{directory} {path}");
        }
        assert_eq!(below(Path::new("/a"), Path::new("/a/b/c")).as_deref(), Some("b/c"));
        assert_eq!(below(Path::new("/a"), Path::new("/a")).as_deref(), Some(""));
        assert_eq!(below(Path::new("/a"), Path::new("/b")), None);
    }
}
