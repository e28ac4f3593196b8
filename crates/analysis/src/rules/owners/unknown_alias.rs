use foldhash::{HashMap, HashMapExt};
use strsim::damerau_levenshtein;

use super::neighbours::Neighbours;
use super::{AliasFile, Aliases};
use crate::diagnostic::{Applicability, Severity};
use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::model::{NameList, Role, Word};
use crate::repository::Repository;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A name that must be an alias, and that `OWNERS_ALIASES` does not declare.
    ///
    /// Prow takes it for a login then, finds nobody, and says nothing. An error is a name that one
    /// slip turns into a declared alias and that nobody has as a login; a warning is one that ends
    /// like an alias (`-approvers`, `-reviewers`, `-leads`; the policy has the list). Among the
    /// members of an alias another alias is a warning too: Prow does not look them up there.
    /// Emeriti are left alone, and without an `OWNERS_ALIASES` file the rule is silent.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - widget-maintainer
    /// reviewers:
    /// - widget-reviewers
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - widget-maintainers
    /// reviewers:
    /// - carol
    /// ```
    pub static RULE = {
        name: "owners-unknown-alias",
        category: Owners,
        severity: Error,
        fix: Suggested,
        check: Check::Repository(check),
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let aliases = Aliases::new(repository);
    let mut verdicts: HashMap<&str, Verdicts<'_>> = HashMap::new();
    for file in repository.files.iter().filter(|file| !file.is_frozen) {
        let Some(declared) = aliases.of(file.source).filter(|aliases| aliases.is_sound) else { continue };
        let suffixes = &repository.policy.owners.alias_suffixes;
        let verdicts = verdicts.entry(declared.directory).or_insert_with(|| Verdicts::new(declared, suffixes));
        for list in super::lists(file).iter().filter(|list| list.role.is_active() || list.role == Role::Members) {
            for name in &list.names {
                findings.found.extend(finding(file.source, list, name, verdicts.of(name)));
            }
        }
    }
}

/// What a name is, told by the declared aliases.
#[derive(Clone, Copy)]
enum Verdict<'r> {
    /// A login, for all we know.
    Login,
    Alias,
    /// One slip from this alias.
    Slip(&'r str),
    /// It ends like an alias, or is almost one.
    Undeclared {
        /// The alias that may be meant.
        near: Option<&'r str>,
        /// The only alias with the same beginning and another ending.
        sibling: Option<&'r str>,
    },
}

/// Verdicts, each found once.
struct Verdicts<'r> {
    declared: &'r AliasFile<'r>,
    suffixes: &'r [String],
    neighbours: Neighbours<'r>,
    /// In the order of the alphabet.
    names: Vec<&'r str>,
    found: HashMap<String, Verdict<'r>>,
}

impl<'r> Verdicts<'r> {
    fn new(declared: &'r AliasFile<'r>, suffixes: &'r [String]) -> Self {
        let mut names: Vec<&str> = declared.names.keys().map(String::as_str).collect();
        names.sort_unstable();
        Self { declared, suffixes, neighbours: Neighbours::new(names.iter().copied()), names, found: HashMap::new() }
    }

    fn of(&mut self, name: &Word<'_>) -> Verdict<'r> {
        let name = super::normal(name);
        if let Some(verdict) = self.found.get(&name) {
            return *verdict;
        }
        let verdict = self.judge(&name);
        self.found.insert(name, verdict);
        verdict
    }

    fn judge(&self, name: &str) -> Verdict<'r> {
        const SHORTEST_FOR_A_SLIP: usize = 6;
        let written = |alias: &str| self.declared.names.get(alias).copied();
        let ends_like_alias = self.stem(name).is_some();
        if self.declared.declares(name) {
            return Verdict::Alias;
        }
        if self.declared.members.contains(name) && !ends_like_alias {
            return Verdict::Login;
        }
        // Blanks and dots instead of `-` are no matter of one edit, and no login has them.
        let near = self.neighbours.of(name).into_iter().next();
        let near = near.or_else(|| self.names.iter().copied().find(|alias| squeeze(alias) == squeeze(name)));
        if let Some(alias) = near.filter(|alias| alias.len() >= SHORTEST_FOR_A_SLIP).and_then(written) {
            return Verdict::Slip(alias);
        }
        if ends_like_alias {
            return Verdict::Undeclared { near: self.two_edits_away(name), sibling: self.sibling(name) };
        }
        match self.two_edits_away(name).filter(|_| name.contains('-')) {
            Some(alias) => Verdict::Undeclared { near: Some(alias), sibling: None },
            None => Verdict::Login,
        }
    }

    /// An alias that two edits turn the name into, where that is little of it.
    fn two_edits_away(&self, name: &str) -> Option<&'r str> {
        const SHORTEST_STEM: usize = 8;
        if self.stem(name).unwrap_or(name).len() < SHORTEST_STEM {
            return None;
        }
        let mut near = self.names.iter().filter(|alias| alias.len().abs_diff(name.len()) <= 2 && alias.contains('-'));
        near.find(|alias| damerau_levenshtein(alias, name) <= 2).and_then(|alias| self.declared.names.get(*alias).copied())
    }

    /// What stands before the ending of an alias.
    fn stem<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.suffixes.iter().find_map(|suffix| name.strip_suffix(suffix.as_str())).filter(|stem| !stem.is_empty())
    }

    /// The only alias with the same stem and another ending.
    fn sibling(&self, name: &str) -> Option<&'r str> {
        let stem = self.stem(name)?;
        let mut siblings = self.names.iter().filter(|alias| self.stem(alias) == Some(stem));
        let sibling = siblings.next().filter(|_| siblings.next().is_none())?;
        self.declared.names.get(*sibling).copied()
    }
}

/// A name without what stands between its words.
fn squeeze(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).collect()
}

fn finding(source: &SourceFile, list: &NameList<'_>, name: &Word<'_>, verdict: Verdict<'_>) -> Option<Finding> {
    let value = name.as_str();
    let finding = |message: String| Finding::new(source, name.range(), message);
    if list.role == Role::Members {
        let what = match verdict {
            // An alias that is named like its only member.
            Verdict::Alias if super::normal(name) == super::normal(&list.key) => return None,
            Verdict::Login => return None,
            Verdict::Alias => "is an alias itself",
            Verdict::Slip(_) | Verdict::Undeclared { .. } => "looks like an alias itself",
        };
        let message = format!("`{value}` {what}, and aliases are not looked up within aliases; it adds nobody");
        return Some(finding(message).severity(Severity::Warning).help("list the logins"));
    }
    let effect = if list.role == Role::Approvers { "it lets nobody approve" } else { "nobody is asked to review" };
    let replace = |finding: Finding, alias: &str| {
        let repair = Repair::text(name.node, alias);
        finding.help(format!("did you mean `{alias}`?")).fix(Applicability::Suggested, format!("replace by `{alias}`"), repair)
    };
    match verdict {
        Verdict::Login | Verdict::Alias => None,
        Verdict::Slip(alias) => Some(replace(finding(format!("`{value}` is no alias of OWNERS_ALIASES; {effect}")), alias)),
        Verdict::Undeclared { near, sibling } => {
            let message = format!("`{value}` looks like an alias that OWNERS_ALIASES does not declare; {effect}");
            let finding = finding(message).severity(Severity::Warning);
            Some(match (near, sibling) {
                (Some(alias), _) => replace(finding, alias),
                (None, Some(alias)) => finding.help(format!("declare it beside `{alias}` in OWNERS_ALIASES, or list the logins")),
                (None, None) => finding.help("declare it in OWNERS_ALIASES, or list the logins"),
            })
        }
    }
}
