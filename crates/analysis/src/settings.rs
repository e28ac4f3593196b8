//! What is in force: policy, and the level of each rule for each path.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

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
    /// Rules whose fixes are not applied.
    pub unfixable: BTreeSet<&'static str>,
    /// The day on which the tree is judged; without one, nothing expires.
    pub today: Option<Date>,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is one.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `2027-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = <[&str; 3]>::try_from(text.split('-').collect::<Vec<_>>()).ok()?;
        let is_number = |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_date = is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
        if is_date { Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?) } else { None }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
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
    /// Globs over paths relative to the root.
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

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates() {
        let day = Date::parse("2028-02-29").unwrap();
        assert_eq!(day.to_string(), "2028-02-29");
        assert!(day > Date::parse("2027-12-31").unwrap() && day < Date::parse("2028-03-01").unwrap());
        for text in ["2027-02-29", "2027-13-01", "2027-00-01", "2027-1-31", "2027-01-32", "+027-01-01", "2027-01", "2027-01-01-01", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
