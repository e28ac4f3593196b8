use promolint_syntax::{Node, NodeKind, Resolved, TextRange};

use crate::diagnostic::{Applicability, Severity};
use crate::file::FileKind;
use crate::fixing::Repair;
use crate::model::{Misfit, MisfitRole, Role, Shape, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A value in an OWNERS file has another type than its key needs.
    ///
    /// Roles and labels are lists of words, `options` and `filters` are mappings, an option is `true`
    /// or `false`. One value of another type, and Prow reads nobody from the whole file. In
    /// `OWNERS_ALIASES` it costs all aliases of the repository; there even a login that consists of
    /// digits must be quoted. An empty value (`reviewers:`) is no mistake.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// labels: sig/example
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// labels:
    /// - sig/example
    /// ```
    pub static RULE = {
        name: "owners-wrong-type",
        category: Owners,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(owners) = super::owners(context.file) else { return };
    let kind = context.source().kind();
    for misfit in &owners.misfits {
        // The root covers the whole file: any syntax error may be why it looks odd.
        let is_root = misfit.role == MisfitRole::Root;
        let is_broken = if is_root {
            !context.source().document().errors().is_empty()
        } else {
            super::is_broken(context.source(), misfit.found.range())
        };
        if is_broken {
            continue;
        }
        let finding = Finding::new(context.source(), place(misfit), message(misfit, kind)).help(advice(misfit, kind));
        let finding = if is_emeritus(misfit) { finding.severity(Severity::Warning) } else { finding };
        findings.push(match repair(misfit) {
            Some(repair) => finding.fix(Applicability::Suggested, format!("write {}", repair.edits[0].text), repair),
            None => finding,
        });
    }
}

/// The value, or its first line.
fn place(misfit: &Misfit<'_>) -> TextRange {
    let range = misfit.found.range();
    let line = misfit.found.text().split('\n').next().unwrap_or_default().trim_end();
    TextRange::new(range.start(), range.start() + u32::try_from(line.len()).unwrap_or(0))
}

fn is_emeritus(misfit: &Misfit<'_>) -> bool {
    misfit.role == MisfitRole::Name(Role::Emeritus) || misfit.key.as_ref().is_some_and(|key| key.as_str().starts_with("emeritus_"))
}

fn message(misfit: &Misfit<'_>, kind: FileKind) -> String {
    let consequence = match kind {
        FileKind::OwnersAliases => "Prow loses the aliases of the repository",
        _ if is_emeritus(misfit) => "tools that read it stop here",
        _ => "Prow reads nobody from this file",
    };
    let found = describe(misfit.found);
    let Some(key) = misfit.key.as_ref().map(Word::as_str) else {
        return format!("the file is {found} where keys with values are expected; {consequence}");
    };
    let expected = match misfit.expected {
        Shape::Text => "a name",
        shape => shape.describe(),
    };
    match misfit.role {
        MisfitRole::Name(_) => format!("an item of `{key}` is {found} where {expected} is expected; {consequence}"),
        _ => format!(
            "the value of `{key}` is {found} where {expected} {} expected; {consequence}",
            if misfit.expected == Shape::Mapping { "are" } else { "is" }
        ),
    }
}

fn describe(node: Node<'_>) -> &'static str {
    let node = node.dereferenced();
    match node.kind() {
        NodeKind::Mapping => "a mapping",
        NodeKind::Sequence => "a list",
        _ => match node.resolved() {
            Resolved::Null => "empty",
            Resolved::Bool(_) => "true or false",
            Resolved::Integer(_) | Resolved::Float(_) => "a number",
            _ => "a word",
        },
    }
}

fn advice(misfit: &Misfit<'_>, kind: FileKind) -> String {
    match (misfit.role, misfit.expected, misfit.found.dereferenced().kind()) {
        (MisfitRole::Root, ..) if kind == FileKind::OwnersAliases => "begin with `aliases:`, and list the aliases below it".to_owned(),
        (MisfitRole::Root, ..) => "begin with `approvers:` or another key, and list the names below it".to_owned(),
        (MisfitRole::Name(_), _, NodeKind::Scalar) => "quote the name, or take the item away if there is none".to_owned(),
        (MisfitRole::Name(_), _, NodeKind::Mapping) => "write the bare name, without a colon".to_owned(),
        (MisfitRole::Name(_), ..) => "write one name behind one `-`".to_owned(),
        (_, Shape::List, NodeKind::Scalar) if misfit.found.text().starts_with('-') => "leave a blank between `-` and the name".to_owned(),
        (_, Shape::List, NodeKind::Scalar) => "write each name on a line of its own, behind `- `".to_owned(),
        (_, Shape::List, _) => "write the names directly below the key, each behind `- `".to_owned(),
        (_, Shape::Bool, _) => "write `true` or `false`, without quotes".to_owned(),
        _ => "write `key: value` lines below it, indented and without `-`".to_owned(),
    }
}

/// What was meant, where the value tells.
fn repair(misfit: &Misfit<'_>) -> Option<Repair> {
    if let (MisfitRole::Name(_), NodeKind::Mapping) = (misfit.role, misfit.found.kind()) {
        return name_in_mapping(misfit.found).map(|name| Repair::replaced_by_text(misfit.found, &name));
    }
    let scalar = misfit.found.as_scalar().filter(|node| node.id() == misfit.found.id())?;
    let value = scalar.value();
    match (misfit.role, misfit.expected) {
        (MisfitRole::Name(_), _) => {
            let is_number = matches!(scalar.resolved(), Resolved::Integer(_) | Resolved::Bool(_));
            (is_number && super::is_login(&value)).then(|| Repair::quoted(scalar, &value))?
        }
        (MisfitRole::Value, Shape::List) => {
            let names = value.split([',', ' ', '\n']).map(|name| name.trim_start_matches('-')).filter(|name| !name.is_empty());
            let names: Vec<&str> = names.collect();
            let is_plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.'));
            (!names.is_empty() && names.iter().all(is_plain)).then(|| Repair::list(scalar, &names))
        }
        (MisfitRole::Value, Shape::Bool) => {
            let value = value.to_lowercase();
            matches!(value.as_str(), "true" | "false").then(|| Repair::bool(scalar, value == "true"))
        }
        _ => None,
    }
}

/// The name of `- alice:` and `- name: alice`.
fn name_in_mapping(node: Node<'_>) -> Option<String> {
    let mut entries = node.as_mapping()?.entries();
    let entry = entries.next().filter(|_| entries.next().is_none())?;
    let key = entry.key.as_scalar()?.value();
    let value = entry.value.as_scalar()?.value();
    let name =
        if entry.value.is_null() { Some(key) } else { matches!(key.as_ref(), "name" | "login" | "github" | "user").then_some(value) };
    name.filter(|name| super::is_login(name)).map(std::borrow::Cow::into_owned)
}
