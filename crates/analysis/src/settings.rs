//! What is in force: policy, and the level of each rule for each path.

use std::collections::BTreeMap;

use globset::GlobSet;

use crate::diagnostic::Severity;
use crate::policy::Policy;
use crate::rule::Rule;

/// Policy and rule levels.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Facts about the organisation: registries, accounts, exceptions.
    pub policy: Policy,
    /// Which rules run, and how loud they are.
    pub levels: RuleLevels,
}

/// Whether and how loud a rule speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Silent.
    Off,
    /// With the severity that the rule itself gives to each finding.
    Default,
    /// With this severity.
    At(Severity),
}

/// Levels by rule name, and by path.
#[derive(Clone, Debug, Default)]
pub struct RuleLevels {
    /// Levels that depart from the rules' own; by rule name.
    pub rules: BTreeMap<&'static str, Level>,
    /// Departures for some paths; later ones win.
    pub overrides: Vec<PathOverride>,
}

/// Levels for the files that match.
#[derive(Clone, Debug)]
pub struct PathOverride {
    /// Globs over paths relative to the configuration's directory.
    pub files: GlobSet,
    /// Levels by rule name.
    pub rules: BTreeMap<&'static str, Level>,
}

impl RuleLevels {
    /// The level of a rule for a file.
    pub fn level(&self, rule: &Rule, path: &str) -> Level {
        let base = self.rules.get(rule.name).copied();
        let base = base.unwrap_or(if rule.enabled { Level::Default } else { Level::Off });
        let overridden = self.overrides.iter().rev().filter(|over| over.rules.contains_key(rule.name));
        let mut overridden = overridden.filter(|over| over.files.is_match(path));
        overridden.next().map_or(base, |over| over.rules[rule.name])
    }

    /// Whether a rule can speak anywhere.
    pub fn may_speak(&self, rule: &Rule) -> bool {
        let base = self.rules.get(rule.name).map_or(rule.enabled, |level| *level != Level::Off);
        base || self.overrides.iter().any(|over| over.rules.get(rule.name).is_some_and(|level| *level != Level::Off))
    }
}
