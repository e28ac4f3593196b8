//! Reads settings key by key, so that a wrong one costs nothing but itself.

use promolint_workspace::configuration::check_selector;
use serde::Deserialize;
use serde_json::Value;

/// A section of settings, and what was found wrong in it.
pub(super) struct Reader<'v> {
    section: &'v Value,
    problems: Vec<String>,
}

impl<'v> Reader<'v> {
    /// Reads nothing yet.
    pub(super) fn new(section: &'v Value) -> Self {
        Self { section, problems: Vec::new() }
    }

    /// The value at a path, `fixAll.unsafe`; none where nothing is set, or something else than what is `expected`.
    pub(super) fn read<T: Deserialize<'v>>(&mut self, path: &str, expected: &str) -> Option<T> {
        let value = self.find(path)?;
        let read = T::deserialize(value).ok();
        if read.is_none() {
            self.must_be(path, expected);
        }
        read
    }

    /// Names of rules and categories; without those that nothing bears.
    pub(super) fn selectors(&mut self, path: &str) -> Vec<String> {
        let words: Vec<String> = self.read(path, "a list of rules and categories").unwrap_or_default();
        let mut is_known = |word: &String| {
            let checked = check_selector(word).map_err(|error| {
                let help = error.help.map_or_else(String::new, |help| format!(" ({help})"));
                self.tell(format!("`{path}`: {}{help}", error.message));
            });
            checked.is_ok()
        };
        words.into_iter().filter(|word| is_known(word)).collect()
    }

    /// What is wrong, as sentences, in the order of reading.
    pub(super) fn problems(self) -> Vec<String> {
        self.problems
    }

    fn find(&mut self, path: &str) -> Option<&'v Value> {
        let mut value = self.section;
        let mut names = path.match_indices('.').map(|(end, _)| &path[..end]);
        let mut place = "promolint";
        for name in path.split('.') {
            if is_nothing(value) {
                return None;
            }
            let Some(object) = value.as_object() else {
                self.must_be(place, "an object");
                return None;
            };
            value = object.get(name)?;
            place = names.next().unwrap_or(path);
        }
        (!is_nothing(value)).then_some(value)
    }

    fn must_be(&mut self, path: &str, expected: &str) {
        self.tell(format!("`{path}` must be {expected}"));
    }

    /// Several keys may stand in the same wrong place.
    fn tell(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Whether nothing is set. A language with one kind of table writes an empty list and an empty object alike.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(items) => items.is_empty(),
        _ => false,
    }
}
