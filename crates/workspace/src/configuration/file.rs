//! The keys of `promolint.toml`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use promolint_analysis::suggest::closest;
use promolint_analysis::{Level, Policy, Rule, Severity};
use toml::Spanned;
use toml::de::DeTable;

use super::levels::{Layer, Override};
use super::reader::{Reader, Value};
use super::selector::{self, Selector};
use super::{ConfigurationError, ConfigurationValue, globs, policy};

/// What a file says.
#[derive(Debug)]
pub(crate) struct ConfigurationFile {
    pub(crate) layer: Layer,
    pub(crate) overrides: Vec<Override>,
    pub(crate) policy: Policy,
    /// The file of known findings, relative to the configuration's directory.
    pub(crate) baseline: Option<PathBuf>,
    /// Values of policy, overrides and baseline; those of rules come from [`super::levels`].
    pub(crate) values: Vec<ConfigurationValue>,
}

impl Default for ConfigurationFile {
    fn default() -> Self {
        let mut values = Vec::new();
        let policy = policy::builtin(&mut values);
        Self { layer: Layer::default(), overrides: Vec::new(), policy, baseline: None, values }
    }
}

/// Reads a file. `prefix` leads from its directory to the root that paths are relative to.
pub(crate) fn read(name: &Path, text: &str, prefix: &str, rules: &[&'static Rule]) -> Result<ConfigurationFile, ConfigurationError> {
    let (mut reader, table) = Reader::new(name, text);
    let (layer, overrides, policy) = (Layer::default(), Vec::new(), Policy::default());
    let mut file = ConfigurationFile { layer, overrides, policy, baseline: None, values: Vec::new() };
    // What is left of broken TOML would only bring errors that follow from the first.
    if !reader.has_errors() {
        let mut policy_table = None;
        for (key, value) in &table {
            match key.get_ref().as_ref() {
                "policy" => policy_table = reader.table(value),
                "overrides" => read_overrides(&mut reader, value, prefix, rules, &mut file),
                "baseline" => read_baseline(&mut reader, key, value, &mut file),
                _ if read_levels(&mut reader, key, value, rules, &mut file.layer) => {}
                _ => reader.unknown_key(key, &["select", "ignore", "severity", "baseline", "overrides", "policy"]),
            }
        }
        file.policy = policy::read(&mut reader, policy_table, &mut file.values);
    }
    reader.finish().map_or(Ok(file), Err)
}

/// Reads `select`, `ignore` and `severity`, of the file or of an override; false for another key.
fn read_levels<'t>(
    reader: &mut Reader<'t>,
    key: &Spanned<Cow<'t, str>>,
    value: &Value<'t>,
    rules: &[&'static Rule],
    layer: &mut Layer,
) -> bool {
    match key.get_ref().as_ref() {
        "select" => {
            let words = read_selectors(reader, value, rules).into_iter().map(|(word, _)| word).collect();
            layer.select = Some((words, reader.origin(&key.span())));
        }
        "ignore" => layer.ignore = read_selectors(reader, value, rules),
        "severity" => read_severities(reader, value, rules, layer),
        _ => return false,
    }
    true
}

fn read_baseline<'t>(reader: &mut Reader<'t>, key: &Spanned<Cow<'t, str>>, value: &Value<'t>, file: &mut ConfigurationFile) {
    match value.get_ref().as_str() {
        Some("") => reader.error(value.span(), "the name of the baseline is missing".to_owned(), None),
        Some(name) => {
            file.baseline = Some(PathBuf::from(name));
            let origin = reader.origin(&key.span());
            file.values.push(ConfigurationValue { key: "baseline".to_owned(), value: policy::written(value), origin });
        }
        None => reader.error(value.span(), format!("expected the name of a file, found {}", value.get_ref().type_str()), None),
    }
}

fn read_selectors<'t>(reader: &mut Reader<'t>, value: &Value<'t>, rules: &[&'static Rule]) -> Vec<(Selector, String)> {
    let mut selectors = Vec::new();
    for (word, span) in reader.strings(value) {
        match Selector::parse(&word, rules) {
            Ok(selector) => selectors.push((selector, reader.origin(&span))),
            Err(wrong) => reader.error(span, wrong.message, wrong.help),
        }
    }
    selectors
}

fn read_severities<'t>(reader: &mut Reader<'t>, value: &Value<'t>, rules: &[&'static Rule], layer: &mut Layer) {
    for (key, value) in reader.table(value).into_iter().flatten() {
        let rule = match selector::rule(key.get_ref(), rules) {
            Ok(rule) => rule,
            Err(wrong) => {
                reader.error(key.span(), wrong.message, wrong.help);
                continue;
            }
        };
        let Some(word) = value.get_ref().as_str() else {
            let found = value.get_ref().type_str();
            reader.error(value.span(), format!("expected a severity, found {found}"), Some(severities()));
            continue;
        };
        let level = if word == "off" { Some(Level::Off) } else { Severity::from_name(word).map(Level::At) };
        if let Some(level) = level {
            layer.severity.insert(rule.name, (level, reader.origin(&key.span())));
        } else {
            let nearest = closest(word, Severity::ALL.map(Severity::name).into_iter().chain(["off"]));
            let help = nearest.map_or_else(severities, |nearest| format!("did you mean `{nearest}`?"));
            reader.error(value.span(), format!("there is no severity `{word}`"), Some(help));
        }
    }
}

fn severities() -> String {
    "one of `error`, `warning`, `info`, `hint`, `off`".to_owned()
}

fn read_overrides<'t>(reader: &mut Reader<'t>, value: &Value<'t>, prefix: &str, rules: &[&'static Rule], file: &mut ConfigurationFile) {
    let Some(items) = value.get_ref().as_array() else {
        let found = value.get_ref().type_str();
        return reader.error(value.span(), format!("expected a list of tables, found {found}"), Some("write `[[overrides]]`".to_owned()));
    };
    for (at, item) in items.iter().enumerate() {
        let Some(table) = reader.table(item) else { continue };
        let mut layer = Layer::default();
        for (key, value) in table {
            if key.get_ref() != "files" && !read_levels(reader, key, value, rules, &mut layer) {
                reader.unknown_key(key, &["files", "select", "ignore", "severity"]);
            }
            let origin = reader.origin(&key.span());
            file.values.push(ConfigurationValue {
                key: format!("overrides[{at}].{}", key.get_ref()),
                value: policy::written(value),
                origin,
            });
        }
        if let Some(files) = read_globs(reader, table, item, prefix) {
            file.overrides.push(Override { files, layer });
        }
    }
}

fn read_globs<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>, item: &Value<'t>, prefix: &str) -> Option<globset::GlobSet> {
    let Some(value) = table.get("files") else {
        let help = "globs as in .gitignore, `files = [\"k8s.gcr.io/\"]`".to_owned();
        reader.error(item.span(), "an override needs `files`".to_owned(), Some(help));
        return None;
    };
    let patterns = reader.strings(value);
    if patterns.is_empty() && !reader.has_errors() {
        reader.error(value.span(), "an override without files has no effect".to_owned(), None);
    }
    let mut globs = globs::Globs::new(prefix);
    for (pattern, span) in patterns {
        if let Err(message) = globs.add(&pattern) {
            reader.error(span, format!("`{pattern}` is no glob: {message}"), None);
        }
    }
    globs.build()
}
