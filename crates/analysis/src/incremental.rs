//! Checks one state of the files after the other, and judges anew only what a change can have touched.
//!
//! What a rule says of a file depends on that file, on which files there are, and on what the
//! fact files declare; what it says of the whole depends on the files of the kinds that its
//! category is about. A file is the same as before if it is the same object. The result is the one
//! of [`crate::check()`]; a test compares them, edit by edit.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use foldhash::HashMap;

use crate::check::{Known, add_change, check, counted, sort, spoken};
use crate::diagnostic::{Diagnostic, FilePath};
use crate::file::{FileKind, Snapshot, SourceFile};
use crate::history::Change;
use crate::repository::{File, FileContext, Repository};
use crate::rule::{Category, Check, Findings, Rule};
use crate::rules;
use crate::settings::Settings;
use crate::suppression;

/// Remembers what was found in the last state of the files.
#[derive(Debug)]
pub struct Checker {
    settings: Settings,
    memory: Memory,
    before: Option<(Arc<Snapshot>, Known)>,
}

/// What rules said.
#[derive(Debug, Default)]
struct Memory {
    surroundings: Surroundings,
    /// Of single files.
    files: HashMap<FilePath, FileFindings>,
    /// Of the whole, by the name of the rule.
    wholes: HashMap<&'static str, WholeFindings>,
}

/// What a file is judged by, besides itself.
#[derive(Debug, Default)]
struct Surroundings {
    is_complete: bool,
    files: Vec<(FilePath, FileKind)>,
    /// Files that declare facts.
    facts: Vec<Judged>,
}

/// A file that was judged. It is not kept: what a weak reference names stays a place of its own in
/// memory, so that no other file is taken for it.
type Judged = Weak<SourceFile>;

#[derive(Debug)]
struct FileFindings {
    source: Judged,
    is_frozen: bool,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
struct WholeFindings {
    sources: Vec<Judged>,
    diagnostics: Vec<Diagnostic>,
}

impl Checker {
    /// Remembers nothing yet. Other settings need another checker.
    pub fn new(settings: Settings) -> Self {
        Self { settings, memory: Memory::default(), before: None }
    }

    /// What is in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// As [`crate::check()`].
    pub fn check(&mut self, snapshot: &Snapshot) -> Vec<Diagnostic> {
        let repository = Repository::new(snapshot, &self.settings.policy);
        let mut diagnostics = self.memory.judge(snapshot, &repository, &self.settings);
        suppression::apply(&repository, &self.settings, &mut diagnostics);
        sort(&mut diagnostics);
        diagnostics
    }

    /// As [`crate::check_change`]. What stood before is judged once, as long as it is the same object.
    pub fn check_change(&mut self, before: &Arc<Snapshot>, after: &Snapshot) -> Vec<Diagnostic> {
        let remembered = self.before.take().filter(|(remembered, _)| Arc::ptr_eq(remembered, before));
        let judged = remembered.unwrap_or_else(|| (Arc::clone(before), counted(check(before, &self.settings))));
        let (_, known) = self.before.insert(judged);
        let before = Repository::new(before, &self.settings.policy);
        let repository = Repository::new(after, &self.settings.policy);
        let change = Change::new(&before, &repository);
        let mut diagnostics = self.memory.judge(after, &repository, &self.settings);
        add_change(&change, &self.settings, &mut diagnostics, |_| Cow::Borrowed(known));
        sort(&mut diagnostics);
        diagnostics
    }
}

impl Memory {
    /// What the rules say of a state, some of it remembered.
    fn judge(&mut self, snapshot: &Snapshot, repository: &Repository<'_>, settings: &Settings) -> Vec<Diagnostic> {
        let Self { surroundings: known_surroundings, files, wholes } = self;
        let surroundings = Surroundings::of(snapshot);
        if !surroundings.are_same(known_surroundings) {
            files.clear();
            wholes.clear();
            *known_surroundings = surroundings;
        }
        for (source, file) in snapshot.files().iter().zip(&repository.files) {
            let known = files.get(source.path());
            if known.is_none_or(|known| !std::ptr::eq(known.source.as_ptr(), Arc::as_ptr(source)) || known.is_frozen != file.is_frozen) {
                let diagnostics = judge_file(file, repository, settings);
                let known = FileFindings { source: Arc::downgrade(source), is_frozen: file.is_frozen, diagnostics };
                files.insert(source.path().clone(), known);
            }
        }
        let mut sources: HashMap<Category, Vec<Judged>> = HashMap::default();
        for rule in rules::ALL.iter().copied().filter(|rule| settings.levels.may_speak(rule)) {
            let Check::Repository(check) = rule.check else { continue };
            let sources = sources.entry(rule.category).or_insert_with(|| {
                let read = snapshot.files().iter().filter(|source| is_read_by(rule.category, source.kind()));
                read.map(Arc::downgrade).collect()
            });
            if wholes.get(rule.name).is_none_or(|known| !are_same(&known.sources, sources)) {
                let mut findings = Findings::default();
                check(repository, &mut findings);
                let diagnostics = spoken(rule, findings, repository, settings).collect();
                wholes.insert(rule.name, WholeFindings { sources: sources.clone(), diagnostics });
            }
        }
        let found = files.values().flat_map(|known| &known.diagnostics);
        let found = found.chain(wholes.values().flat_map(|known| &known.diagnostics));
        found.cloned().collect()
    }
}

impl Surroundings {
    fn of(snapshot: &Snapshot) -> Self {
        let is_fact = |source: &&Arc<SourceFile>| matches!(source.kind(), FileKind::Groups | FileKind::Infra | FileKind::RegistriesTf);
        Self {
            is_complete: snapshot.complete,
            files: snapshot.files().iter().map(|source| (source.path().clone(), source.kind())).collect(),
            facts: snapshot.files().iter().filter(is_fact).map(Arc::downgrade).collect(),
        }
    }

    fn are_same(&self, other: &Self) -> bool {
        self.is_complete == other.is_complete && self.files == other.files && are_same(&self.facts, &other.facts)
    }
}

fn judge_file(file: &File<'_>, repository: &Repository<'_>, settings: &Settings) -> Vec<Diagnostic> {
    let speaks = |rule: &&'static Rule| settings.levels.may_speak(rule) && (rule.in_frozen_trees || !file.is_frozen);
    let mut diagnostics = Vec::new();
    for rule in rules::ALL.iter().copied().filter(speaks) {
        if let Check::File(check) = rule.check {
            let mut findings = Findings::default();
            check(&FileContext { file, repository }, &mut findings);
            diagnostics.extend(spoken(rule, findings, repository, settings));
        }
    }
    diagnostics
}

/// Whether rules of the category that judge the whole read files of this kind.
fn is_read_by(category: Category, kind: FileKind) -> bool {
    match category {
        Category::Owners => matches!(kind, FileKind::Owners | FileKind::OwnersAliases),
        Category::Files => matches!(kind, FileKind::FilePromoterManifest | FileKind::FileManifest),
        Category::Tree => !matches!(kind, FileKind::FilePromoterManifest | FileKind::FileManifest | FileKind::ImageTags),
        _ => true,
    }
}

fn are_same(before: &[Judged], after: &[Judged]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(before, after)| Weak::ptr_eq(before, after))
}
