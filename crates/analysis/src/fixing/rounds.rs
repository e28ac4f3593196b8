//! All fixes of a snapshot, over rounds: check, take the fixes that keep clear of each other, prove
//! them, and again, until nothing is left.
//!
//! A round's fixes of a file are proved together. Where that fails, halves are tried, so that the
//! culprits are found in few proofs. After a round, the findings must be gone; a fix whose finding stays
//! is taken back and refused. Fixes that lead back to a text that was there before are refused too.

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};
use promolint_syntax::TextEdit;

use super::moves::Moves;
use super::proof::prove_all;
use super::refusal::Refusal;
use super::selection::{Taken, by_files};
use crate::check::check;
use crate::diagnostic::{Applicability, Diagnostic, FilePath, Fix};
use crate::file::{Snapshot, SourceFile};
use crate::settings::Settings;

/// Far more than fixes need that wait for each other; what is left then never settles.
const ROUNDS: usize = 50;

/// Proofs that may fail for one group of files in one round. Whoever has more culprits than this finds is told
/// the reason of all of them together.
const FAILURES: usize = 300;

/// Which fixes are wanted.
#[derive(Clone, Copy)]
pub struct Choice<'c> {
    /// The least sure that are taken.
    pub applicability: Applicability,
    /// Whether findings in a file are to be fixed, and the file changed.
    pub is_wanted: &'c dyn Fn(&str) -> bool,
}

impl Choice<'_> {
    /// The fix of a finding that would be taken: the first that is sure enough, where the rule may fix.
    pub fn of<'d>(&self, diagnostic: &'d Diagnostic, settings: &Settings) -> Option<&'d Fix> {
        let may_fix = !settings.unfixable.contains(diagnostic.rule) && (self.is_wanted)(&diagnostic.path);
        let mut fixes = diagnostic.fixes.iter().filter(|_| may_fix);
        // Display-only fixes are never applied, whatever is asked for.
        let least = self.applicability.max(Applicability::Suggested);
        fixes.find(|fix| fix.applicability >= least && fix.paths().into_iter().all(|path| (self.is_wanted)(path)))
    }
}

/// What became of a snapshot.
#[derive(Debug)]
pub struct Fixed {
    /// The files as they are now.
    pub snapshot: Snapshot,
    /// Those that changed, sorted.
    pub changed: BTreeSet<FilePath>,
    /// Fixes that were made, in the order in which they were.
    pub applied: Vec<Applied>,
    /// Fixes that were not, of findings that are left.
    pub refused: Vec<Refused>,
    /// Findings that are left, wherever they are.
    pub left: Vec<Diagnostic>,
}

/// A fix that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The file of the finding.
    pub path: FilePath,
    /// Its rule.
    pub rule: &'static str,
    /// What was done.
    pub title: String,
    /// All files that it changed.
    pub changed: BTreeSet<FilePath>,
}

/// A fix that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The finding; its ranges are those of [`Fixed::snapshot`].
    pub diagnostic: Diagnostic,
    /// What was to be done.
    pub title: String,
    /// Why it was not.
    pub refusal: Refusal,
}

/// A finding with the fix that is to be made.
#[derive(Clone, Copy)]
struct Candidate<'d> {
    diagnostic: &'d Diagnostic,
    fix: &'d Fix,
}

/// Applies all wanted fixes that can be proved.
pub fn fix_all(snapshot: &Snapshot, settings: &Settings, choice: &Choice<'_>) -> Fixed {
    fix_rounds(snapshot, settings, choice, &|snapshot| check(snapshot, settings))
}

/// [`fix_all`] with any check.
fn fix_rounds(snapshot: &Snapshot, settings: &Settings, choice: &Choice<'_>, check: &dyn Fn(&Snapshot) -> Vec<Diagnostic>) -> Fixed {
    let mut run = Run {
        snapshot: snapshot.with([]),
        check,
        changed: BTreeSet::new(),
        applied: Vec::new(),
        seen: HashMap::new(),
        hasher: foldhash::fast::FixedState::default(),
        barred: Vec::new(),
    };
    let mut diagnostics = check(snapshot);
    let mut rounds = 0;
    // Fixes that were refused since the last round that changed something, by index of their finding.
    let mut refused: HashMap<usize, Refusal> = HashMap::new();
    loop {
        let offered = diagnostics.iter().enumerate();
        let offered = offered.filter_map(|(at, diagnostic)| Some((at, Candidate { diagnostic, fix: choice.of(diagnostic, settings)? })));
        let mut taken = Taken::default();
        let mut lot = Vec::new();
        for (at, candidate) in offered {
            if refused.contains_key(&at) {
                continue;
            }
            if let Some(refusal) = run.bar(candidate.diagnostic) {
                refused.insert(at, refusal);
            } else if rounds == ROUNDS {
                refused.insert(at, Refusal::Unsettled);
            } else if taken.take(candidate.fix) {
                lot.push((at, candidate));
            }
        }
        if lot.is_empty() {
            break;
        }
        let outcome = run.round(lot, &diagnostics);
        refused.extend(outcome.refused);
        if let Some(after) = outcome.after {
            diagnostics = after;
            refused.clear();
            rounds += 1;
        }
    }
    let mut told: Vec<(usize, Refusal)> = refused.into_iter().collect();
    told.sort_unstable_by_key(|(at, _)| *at);
    let told = told.into_iter().filter_map(|(at, refusal)| {
        let diagnostic = diagnostics[at].clone();
        let title = choice.of(&diagnostic, settings)?.title.clone();
        Some(Refused { diagnostic, title, refusal })
    });
    Fixed { refused: told.collect(), snapshot: run.snapshot, changed: run.changed, applied: run.applied, left: diagnostics }
}

/// What is known while the rounds go on.
struct Run<'r> {
    snapshot: Snapshot,
    check: &'r dyn Fn(&Snapshot) -> Vec<Diagnostic>,
    changed: BTreeSet<FilePath>,
    applied: Vec<Applied>,
    /// Hashes of the texts that each changed file had.
    seen: HashMap<FilePath, HashSet<u64>>,
    hasher: foldhash::fast::FixedState,
    /// Findings that must not be tried again.
    barred: Vec<Barred>,
}

/// A fix that was made and taken back.
struct Barred {
    path: FilePath,
    rule: &'static str,
    /// The start of the finding; `None` bars the rule from the file.
    start: Option<u32>,
    refusal: Refusal,
}

/// What a round brought.
struct Outcome {
    /// By index of the finding.
    refused: Vec<(usize, Refusal)>,
    /// The findings afterwards; none where nothing was changed.
    after: Option<Vec<Diagnostic>>,
}

type Lot<'d> = Vec<(usize, Candidate<'d>)>;

impl Run<'_> {
    /// Why the fix of a finding must not be tried again.
    fn bar(&self, diagnostic: &Diagnostic) -> Option<Refusal> {
        let is_it = |barred: &&Barred| {
            let here = barred.start.is_none_or(|start| start == diagnostic.range.start());
            here && barred.path == diagnostic.path && barred.rule == diagnostic.rule
        };
        self.barred.iter().find(is_it).map(|barred| barred.refusal.clone())
    }

    fn round(&mut self, lot: Lot<'_>, before: &[Diagnostic]) -> Outcome {
        let mut refused = Vec::new();
        let mut accepted: Lot<'_> = Vec::new();
        let mut files: Vec<Arc<SourceFile>> = Vec::new();
        for group in by_files(lot, |(_, candidate)| candidate.fix) {
            let proved = self.prove(group, &mut refused);
            accepted.extend(proved.lot);
            files.extend(proved.files);
        }
        let returning: Vec<&FilePath> = files.iter().filter(|file| self.was_seen(file)).map(|file| file.path()).collect();
        if !returning.is_empty() {
            for (_, candidate) in &accepted {
                if candidate.fix.paths().into_iter().any(|path| returning.contains(&path)) {
                    self.bar_rule(candidate.diagnostic);
                }
            }
            return Outcome { refused, after: None };
        }
        if accepted.is_empty() {
            return Outcome { refused, after: None };
        }
        let snapshot = self.snapshot.with(files.iter().cloned());
        let after = (self.check)(&snapshot);
        let moves = moves(&accepted);
        let stays = staying(&accepted, before, &after, &moves);
        if !stays.is_empty() {
            for diagnostic in stays {
                let (path, start) = (diagnostic.path.clone(), Some(diagnostic.range.start()));
                self.barred.push(Barred { path, rule: diagnostic.rule, start, refusal: Refusal::FindingStays });
            }
            return Outcome { refused, after: None };
        }
        for barred in &mut self.barred {
            if let (Some(start), Some(moves)) = (&mut barred.start, moves.get(&barred.path)) {
                *start = moves.new_place(*start);
            }
        }
        for file in &files {
            for known in [self.snapshot.get(file.path()), Some(file)].into_iter().flatten() {
                let hash = self.hasher.hash_one(known.text());
                self.seen.entry(file.path().clone()).or_default().insert(hash);
            }
            self.changed.insert(file.path().clone());
        }
        self.applied.extend(accepted.into_iter().map(|(_, Candidate { diagnostic, fix })| Applied {
            path: diagnostic.path.clone(),
            rule: diagnostic.rule,
            title: fix.title.clone(),
            changed: fix.paths().into_iter().cloned().collect(),
        }));
        self.snapshot = snapshot;
        Outcome { refused, after: Some(after) }
    }

    fn was_seen(&self, file: &SourceFile) -> bool {
        self.seen.get(file.path()).is_some_and(|seen| seen.contains(&self.hasher.hash_one(file.text())))
    }

    fn bar_rule(&mut self, diagnostic: &Diagnostic) {
        self.barred.push(Barred { path: diagnostic.path.clone(), rule: diagnostic.rule, start: None, refusal: Refusal::Unsettled });
    }

    /// Proves what shares files with each other, as much of it as holds.
    fn prove<'d>(&self, group: Lot<'d>, refused: &mut Vec<(usize, Refusal)>) -> Proved<'d> {
        let mut proved = Proved { lot: Vec::new(), files: Vec::new() };
        // The next part to try is the last one.
        let mut parts = vec![group];
        let mut failures = 0;
        while let Some(mut part) = parts.pop() {
            let all: Vec<&Fix> = proved.lot.iter().chain(&part).map(|(_, candidate)| candidate.fix).collect();
            match self.prove_together(&all) {
                Ok(files) => {
                    proved.lot.append(&mut part);
                    proved.files = files;
                }
                Err(refusal) if part.len() == 1 || failures >= FAILURES => {
                    failures += 1;
                    refused.extend(part.into_iter().map(|(at, _)| (at, refusal.clone())));
                }
                Err(_) => {
                    failures += 1;
                    parts.push(part.split_off(part.len() / 2));
                    parts.push(part);
                }
            }
        }
        proved
    }

    fn prove_together(&self, fixes: &[&Fix]) -> Result<Vec<Arc<SourceFile>>, Refusal> {
        let paths: BTreeSet<&FilePath> = fixes.iter().flat_map(|fix| fix.paths()).collect();
        let prove = |path: &FilePath| {
            let before = self.snapshot.get(path).ok_or(Refusal::NotEditable)?;
            let own: Vec<&Fix> = fixes.iter().copied().filter(|fix| fix.paths().contains(path)).collect();
            prove_all(before, &own).map(Arc::new)
        };
        paths.into_iter().map(prove).collect()
    }
}

/// What could be proved of a group.
struct Proved<'d> {
    lot: Lot<'d>,
    files: Vec<Arc<SourceFile>>,
}

fn moves(lot: &Lot<'_>) -> HashMap<FilePath, Moves> {
    let mut edits: HashMap<FilePath, Vec<TextEdit>> = HashMap::new();
    for edit in lot.iter().flat_map(|(_, candidate)| &candidate.fix.edits) {
        edits.entry(edit.path.clone()).or_default().push(edit.edit.clone());
    }
    edits.into_iter().map(|(path, edits)| (path, Moves::new(&edits))).collect()
}

/// The fixed findings that are still there: at their place, and as often as if they had not been fixed.
fn staying<'d>(lot: &Lot<'d>, before: &[Diagnostic], after: &[Diagnostic], moves: &HashMap<FilePath, Moves>) -> Vec<&'d Diagnostic> {
    type Name<'d> = (&'d FilePath, &'static str, &'d str);
    fn name(diagnostic: &Diagnostic) -> Name<'_> {
        (&diagnostic.path, diagnostic.rule, &diagnostic.message)
    }
    let mut surplus: HashMap<Name<'_>, isize> = HashMap::new();
    for (_, candidate) in lot {
        *surplus.entry(name(candidate.diagnostic)).or_default() += 1;
    }
    for diagnostic in before {
        surplus.entry(name(diagnostic)).and_modify(|count| *count -= 1);
    }
    let mut places: HashSet<(Name<'_>, u32)> = HashSet::default();
    for diagnostic in after {
        if let Some(count) = surplus.get_mut(&name(diagnostic)) {
            *count += 1;
            places.insert((name(diagnostic), diagnostic.range.start()));
        }
    }
    let stays = |diagnostic: &&Diagnostic| {
        let start = moves.get(&diagnostic.path).map_or(diagnostic.range.start(), |moves| moves.new_place(diagnostic.range.start()));
        surplus.get(&name(diagnostic)).is_some_and(|count| *count > 0) && places.contains(&(name(diagnostic), start))
    };
    lot.iter().map(|(_, candidate)| candidate.diagnostic).filter(stays).collect()
}

#[cfg(test)]
mod tests {
    use promolint_syntax::TextRange;

    use super::*;
    use crate::diagnostic::{FileChange, FileEdit, Severity};
    use crate::file::FileKind;
    use crate::fixing::{Operation, Wanted};

    /// Findings about each scalar for which `meant` has another text.
    fn judge(snapshot: &Snapshot, meant: &dyn Fn(&str) -> Option<String>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for file in snapshot.files() {
            for node in file.document().nodes().filter(|node| node.children().next().is_none()) {
                let Some(text) = meant(&node.value()) else { continue };
                let path = file.path().clone();
                let fix = Fix {
                    title: format!("write {text}"),
                    applicability: Applicability::Safe,
                    edits: vec![FileEdit { path: path.clone(), edit: TextEdit::replace(node.range(), text.as_str()) }],
                    changes: vec![FileChange {
                        path: path.clone(),
                        operation: Operation::Set(node.id(), Wanted::text("x".repeat(text.len()))),
                    }],
                };
                let (range, message): (TextRange, String) = (node.range(), "wrong".to_owned());
                let (related, fixes, severity) = (Vec::new(), vec![fix], Severity::Error);
                found.push(Diagnostic { rule: "test", severity, path, range, message, help: None, related, fixes, changed: None });
            }
        }
        found
    }

    fn fixed(text: &str, meant: &dyn Fn(&str) -> Option<String>) -> (String, usize, Vec<String>) {
        let snapshot = Snapshot::new(vec![Arc::new(SourceFile::new("a", FileKind::Owners, text))], true);
        let choice = Choice { applicability: Applicability::Safe, is_wanted: &|_| true };
        let fixed = fix_rounds(&snapshot, &Settings::default(), &choice, &|snapshot| judge(snapshot, meant));
        let refused = fixed.refused.iter().map(|refused| refused.refusal.to_string()).collect();
        (fixed.snapshot.get("a").unwrap().text().to_owned(), fixed.applied.len(), refused)
    }

    #[test]
    fn only_the_culprits_are_refused() {
        let meant = |text: &str| match text {
            "good" => Some("x".to_owned()),
            "bad" => Some("z".to_owned()),
            _ => None,
        };
        let (text, applied, refused) = fixed("[good, bad, good, good, bad, good]", &meant);
        assert_eq!((text.as_str(), applied, refused.len()), ("[x, bad, x, x, bad, x]", 4, 2));
        assert!(refused[0].starts_with("it would change more than it should: `x` would become `z`"), "{refused:?}");
    }

    #[test]
    fn a_fix_after_which_the_finding_stays_is_taken_back() {
        let (text, applied, refused) = fixed("[a, b]", &|text| match text {
            "a" => Some("x".to_owned()),
            // Each fix brings the same finding at the same place.
            "b" | "xx" | "xxx" => Some("x".repeat(text.len() + 1)),
            _ => None,
        });
        assert_eq!((text.as_str(), applied, refused), ("[x, b]", 1, vec!["the finding would still be there".to_owned()]));
    }

    #[test]
    fn fixes_that_undo_each_other_come_to_an_end() {
        let messages = |snapshot: &Snapshot| {
            let flip = |text: &str| match text {
                "x" => Some("xx".to_owned()),
                "xx" => Some("x".to_owned()),
                _ => None,
            };
            let mut found = judge(snapshot, &flip);
            for diagnostic in &mut found {
                diagnostic.message = format!("{:?}", diagnostic.range);
            }
            found
        };
        let snapshot = Snapshot::new(vec![Arc::new(SourceFile::new("a", FileKind::Owners, "[x]"))], true);
        let choice = Choice { applicability: Applicability::Safe, is_wanted: &|_| true };
        let fixed = fix_rounds(&snapshot, &Settings::default(), &choice, &messages);
        assert_eq!(fixed.refused.len(), 1);
        assert_eq!(fixed.refused[0].refusal, Refusal::Unsettled);
        assert!(fixed.applied.len() <= 2);
    }

    #[test]
    fn fixes_without_end_come_to_an_end() {
        let messages = |snapshot: &Snapshot| {
            let mut found = judge(snapshot, &|text| text.starts_with('x').then(|| "x".repeat(text.len() + 1)));
            for diagnostic in &mut found {
                diagnostic.message = format!("{:?}", diagnostic.range);
            }
            found
        };
        let snapshot = Snapshot::new(vec![Arc::new(SourceFile::new("a", FileKind::Owners, "[x]"))], true);
        let choice = Choice { applicability: Applicability::Safe, is_wanted: &|_| true };
        let fixed = fix_rounds(&snapshot, &Settings::default(), &choice, &messages);
        assert_eq!((fixed.applied.len(), fixed.refused[0].refusal.clone()), (ROUNDS, Refusal::Unsettled));
    }
}
