//! From `select`, `ignore` and `severity` to the level of each rule.
//!
//! A rule that is on by default is selected by its name, its category or `all`; one that is off by
//! default by its name only. Where a rule is both selected and ignored, the more exact word counts
//! (its name before its category before `all`), and among equals `ignore`. A severity of `off` is an
//! `ignore` by name; any other severity switches nothing on. The command line wins over the file:
//! its `select` replaces the file's, and what it ignores stays silent.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;
use promolint_analysis::{Level, PathOverride, Rule, RuleLevels};

use super::selector::Selector;
use super::{BUILT_IN, ConfigurationValue};

/// A word and where it stands.
pub(crate) type Placed<T> = (T, String);

/// What one place (the file, one of its overrides, the command line) says about rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// None if nothing is said: then all are selected.
    pub(crate) select: Option<Placed<Vec<Selector>>>,
    pub(crate) ignore: Vec<Placed<Selector>>,
    /// None if nothing is said: then all may fix.
    pub(crate) fixable: Option<Placed<Vec<Selector>>>,
    pub(crate) unfixable: Vec<Placed<Selector>>,
    /// By rule name.
    pub(crate) severity: BTreeMap<&'static str, Placed<Level>>,
}

/// What the file says about some paths.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub(crate) files: GlobSet,
    pub(crate) layer: Layer,
}

/// The levels of all rules. Adds `severity.<rule>` and the lists of words to `values`.
pub(crate) fn combine(
    rules: &[&'static Rule],
    file: &Layer,
    overrides: &[Override],
    command_line: &Layer,
    values: &mut Vec<ConfigurationValue>,
) -> RuleLevels {
    let mut levels = RuleLevels::default();
    for rule in rules.iter().copied() {
        let (level, origin) = decide(rule, file, command_line);
        values.push(ConfigurationValue { key: format!("severity.{}", rule.name), value: format!("{:?}", name(rule, level)), origin });
        if level != default(rule) {
            levels.rules.insert(rule.name, level);
        }
    }
    for over in overrides {
        let mut departures = BTreeMap::new();
        for rule in rules.iter().copied() {
            let base = levels.rules.get(rule.name).copied().unwrap_or(default(rule));
            let level = decide_for_paths(rule, base, file, &over.layer, command_line);
            if level != base {
                departures.insert(rule.name, level);
            }
        }
        levels.overrides.push(PathOverride { files: over.files.clone(), rules: departures });
    }
    values.extend(words(file, command_line));
    levels
}

fn decide(rule: &Rule, file: &Layer, command_line: &Layer) -> Placed<Level> {
    let severity = file.severity.get(rule.name);
    let ignored = file.ignored(rule);
    let ignored_now = command_line.ignored(rule);
    let (selected, by) = selected(rule, command_line.select.as_ref().or(file.select.as_ref()));
    let outvoted = if command_line.select.is_some() {
        ignored_now.filter(|(exactness, _)| *exactness >= selected).or(ignored.filter(|(exactness, _)| *exactness > selected))
    } else {
        ignored_now.or(ignored.filter(|(exactness, _)| *exactness >= selected))
    };
    match (selected, outvoted, severity) {
        (0, _, _) => (Level::Off, by.to_owned()),
        (_, Some((_, by)), _) => (Level::Off, by.to_owned()),
        (_, None, Some((Level::At(severity), by))) => (Level::At(*severity), by.clone()),
        (_, None, _) if rule.enabled => (Level::Default, BUILT_IN.to_owned()),
        (_, None, _) => (Level::Default, by.to_owned()),
    }
}

fn decide_for_paths(rule: &Rule, base: Level, file: &Layer, over: &Layer, command_line: &Layer) -> Level {
    let ignored = over.ignored(rule).map_or(0, |(exactness, _)| exactness);
    let on = if over.select.is_some() {
        let (selected, _) = selected(rule, over.select.as_ref());
        // The command line can be narrowed, but not overruled.
        let allowed = base != Level::Off || command_line.select.is_none() && command_line.ignored(rule).is_none();
        selected > ignored && allowed
    } else {
        base != Level::Off && ignored == 0
    };
    let severity = over.severity.get(rule.name).or_else(|| file.severity.get(rule.name));
    match severity {
        _ if !on => Level::Off,
        Some((Level::At(severity), _)) => Level::At(*severity),
        _ => Level::Default,
    }
}

impl Layer {
    /// How exactly a rule is silenced, and where.
    fn ignored(&self, rule: &Rule) -> Option<(u8, &str)> {
        let off = self.severity.get(rule.name).filter(|(level, _)| *level == Level::Off).map(|(_, place)| (3, place.as_str()));
        let words = self.ignore.iter().map(|(word, place)| (word.exactness(rule), place.as_str())).filter(|(exactness, _)| *exactness > 0);
        off.into_iter().chain(words).reduce(more_exact)
    }
}

/// How exactly a rule is selected, and where that is decided.
fn selected<'l>(rule: &Rule, select: Option<&'l Placed<Vec<Selector>>>) -> (u8, &'l str) {
    let Some((words, place)) = select else {
        return (u8::from(rule.enabled), BUILT_IN);
    };
    let exactness = words.iter().map(|word| word.exactness(rule)).max().unwrap_or_default();
    (if rule.enabled || exactness == 3 { exactness } else { 0 }, place)
}

/// The more exact of two; of equals the first.
fn more_exact<'l>(first: (u8, &'l str), second: (u8, &'l str)) -> (u8, &'l str) {
    if second.0 > first.0 { second } else { first }
}

/// The rules that may not fix. As with `select` and `ignore`, the more exact word counts, and among
/// equals `unfixable`.
pub(crate) fn unfixable(rules: &[&'static Rule], file: &Layer, command_line: &Layer) -> BTreeSet<&'static str> {
    let exactness = |words: &[Placed<Selector>], rule: &Rule| words.iter().map(|(word, _)| word.exactness(rule)).max().unwrap_or_default();
    let may_fix = |rule: &Rule| {
        let words = command_line.fixable.as_ref().or(file.fixable.as_ref());
        let allowed = words.map_or(1, |(words, _)| words.iter().map(|word| word.exactness(rule)).max().unwrap_or_default());
        // What the command line allows, the file only forbids where it is more exact.
        let forbidden = exactness(&file.unfixable, rule).saturating_sub(u8::from(command_line.fixable.is_some()));
        allowed > forbidden.max(exactness(&command_line.unfixable, rule))
    };
    rules.iter().filter(|rule| !may_fix(rule)).map(|rule| rule.name).collect()
}

/// The lists of words as they are in force.
fn words(file: &Layer, command_line: &Layer) -> [ConfigurationValue; 4] {
    let value = |words: &mut dyn Iterator<Item = Selector>| format!("{:?}", words.map(Selector::name).collect::<Vec<_>>());
    let wanted = |key: &str, file: &Option<Placed<Vec<Selector>>>, command_line: &Option<Placed<Vec<Selector>>>| {
        let (value, origin) = match command_line.as_ref().or(file.as_ref()) {
            Some((words, origin)) => (value(&mut words.iter().copied()), origin.as_str()),
            None => (value(&mut [Selector::All].into_iter()), BUILT_IN),
        };
        ConfigurationValue { key: key.to_owned(), value, origin: origin.to_owned() }
    };
    let unwanted = |key: &str, file: &[Placed<Selector>], command_line: &[Placed<Selector>]| {
        let all = || file.iter().chain(command_line);
        let mut origins: Vec<&str> = all().map(|(_, origin)| origin.as_str()).collect();
        origins.dedup();
        let origin = if origins.is_empty() { BUILT_IN.to_owned() } else { origins.join(" + ") };
        ConfigurationValue { key: key.to_owned(), value: value(&mut all().map(|(word, _)| *word)), origin }
    };
    [
        wanted("select", &file.select, &command_line.select),
        unwanted("ignore", &file.ignore, &command_line.ignore),
        wanted("fixable", &file.fixable, &command_line.fixable),
        unwanted("unfixable", &file.unfixable, &command_line.unfixable),
    ]
}

fn default(rule: &Rule) -> Level {
    if rule.enabled { Level::Default } else { Level::Off }
}

fn name(rule: &Rule, level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Default => rule.severity.name(),
        Level::At(severity) => severity.name(),
    }
}
