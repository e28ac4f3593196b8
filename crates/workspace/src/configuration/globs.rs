//! Globs over paths, with the meaning they have in `.gitignore`.
//!
//! A glob without a slash (other than at its end) matches at any depth, one with a slash from the
//! directory of the configuration; what matches a directory matches everything in it.

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// A set in the making.
pub(crate) struct Globs {
    /// The directories from the configuration's to the root that paths are relative to.
    prefix: Vec<String>,
    builder: GlobSetBuilder,
}

impl Globs {
    /// An empty set for paths that are relative to `prefix`, a path below the configuration's
    /// directory.
    pub(crate) fn new(prefix: &str) -> Self {
        let prefix = prefix.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { prefix, builder: GlobSet::builder() }
    }

    /// Adds a glob; an error says what is wrong with it.
    pub(crate) fn add(&mut self, pattern: &str) -> Result<(), String> {
        if pattern.starts_with('!') {
            return Err("it cannot be negated".to_owned());
        }
        let path = pattern.trim_start_matches("./").trim_end_matches('/');
        let anchored = path.contains('/');
        let path = path.trim_start_matches('/');
        if path.is_empty() {
            return Err("it is empty".to_owned());
        }
        let glob = if anchored { path.to_owned() } else { format!("**/{path}") };
        // Checked as it stands: what is left behind the prefix may be less.
        matcher(&glob)?;
        for alternative in if self.prefix.is_empty() { vec![glob] } else { alternatives(&glob) } {
            for rest in behind(&alternative, &self.prefix)? {
                self.builder.add(matcher(&rest)?.glob().clone());
                self.builder.add(matcher(&format!("{rest}/**"))?.glob().clone());
            }
        }
        Ok(())
    }

    /// The set.
    pub(crate) fn build(self) -> Option<GlobSet> {
        self.builder.build().ok()
    }
}

fn matcher(glob: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(glob).literal_separator(true).build().map_err(|error| error.kind().to_string())?;
    Ok(glob.compile_matcher())
}

/// The globs that match in a directory `prefix` what `glob` matches above it.
fn behind(glob: &str, prefix: &[String]) -> Result<Vec<String>, String> {
    let parts: Vec<&str> = glob.split('/').collect();
    // A directory that matches as a whole: everything in it does.
    let mut whole = false;
    // Positions in the parts that the directories so far can have led to; `**` may stand for none.
    let mut reached = vec![0];
    for directory in prefix {
        let mut next = Vec::new();
        for at in closure(&parts, reached) {
            match parts.get(at) {
                Some(&"**") => next.push(at),
                Some(part) if matcher(part)?.is_match(directory) => next.push(at + 1),
                _ => {}
            }
        }
        whole = whole || next.contains(&parts.len());
        reached = next;
    }
    if whole {
        return Ok(vec!["**".to_owned()]);
    }
    let mut rests: Vec<String> =
        closure(&parts, reached).into_iter().map(|at| parts[at..].join("/")).filter(|rest| !rest.is_empty()).collect();
    rests.dedup();
    Ok(rests)
}

fn closure(parts: &[&str], mut reached: Vec<usize>) -> Vec<usize> {
    let mut at = 0;
    while at < reached.len() {
        if parts.get(reached[at]) == Some(&"**") && !reached.contains(&(reached[at] + 1)) {
            reached.push(reached[at] + 1);
        }
        at += 1;
    }
    reached
}

/// The glob with each choice of its outermost braces: `a/{b,c/d}` is `a/b` and `a/c/d`, so that it can be
/// taken apart at its slashes.
fn alternatives(glob: &str) -> Vec<String> {
    let Some((open, close)) = braces(glob) else {
        return vec![glob.to_owned()];
    };
    let mut depth = 0;
    let choices = glob[open + 1..close].split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    choices.flat_map(|choice| alternatives(&format!("{}{choice}{}", &glob[..open], &glob[close + 1..]))).collect()
}

fn braces(glob: &str) -> Option<(usize, usize)> {
    let open = glob.find('{')?;
    let mut depth = 0;
    let close = glob[open..].find(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    })?;
    Some((open, open + close))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(prefix: &str, pattern: &str, path: &str) -> bool {
        let mut globs = Globs::new(prefix);
        globs.add(pattern).expect(pattern);
        globs.build().expect(pattern).is_match(path)
    }

    #[test]
    fn globs_match_as_in_gitignore() {
        for (prefix, pattern, path, expected) in [
            ("", "OWNERS", "a/b/OWNERS", true),
            ("", "OWNERS", "OWNERS", true),
            ("", "/OWNERS", "a/OWNERS", false),
            ("", "/OWNERS", "OWNERS", true),
            ("", "old/", "old/images/a/images.yaml", true),
            ("", "old", "x/old/images.yaml", true),
            ("", "./old/images", "old/images/a.yaml", true),
            ("", "old/images", "x/old/images/a.yaml", false),
            ("", "old/*/a.yaml", "old/images/a.yaml", true),
            ("", "old/*/a.yaml", "old/images/b/a.yaml", false),
            ("", "old/**/a.yaml", "old/images/b/a.yaml", true),
            ("", "{old,new}/x", "new/x", true),
            // The configuration stands above the root.
            ("repo", "repo/old/", "old/a.yaml", true),
            ("repo", "old/", "old/a.yaml", true),
            ("repo", "/old/", "old/a.yaml", false),
            ("repo/sub", "repo/*/old/*.yaml", "old/a.yaml", true),
            ("repo/sub", "repo/**/a.yaml", "old/a.yaml", true),
            ("repo/sub", "repo/**/sub/a.yaml", "a.yaml", true),
            ("repo/sub", "repo", "a.yaml", true),
            ("repo/sub", "other", "a.yaml", false),
            ("repo/sub", "{repo/sub/a,b}.yaml", "a.yaml", true),
            ("repo/sub", "{repo/{sub,x}/a,b}.yaml", "a.yaml", true),
        ] {
            assert_eq!(matches(prefix, pattern, path), expected, "{prefix:?} {pattern} {path}");
        }
    }

    #[test]
    fn bad_globs_are_refused() {
        for pattern in ["", "/", "!a", "a[", "{a"] {
            assert!(Globs::new("").add(pattern).is_err(), "{pattern}");
        }
    }
}
