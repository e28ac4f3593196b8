use std::collections::{BTreeMap, BTreeSet};

use promolint_syntax::{NodeKind, Style, TextEdit, TextRange};

use super::unknown_destination::nearest;
use crate::diagnostic::Applicability;
use crate::fixing::{Operation, Repair, Wanted};
use crate::model::Registry;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A production registry is missing among the destinations.
    ///
    /// Images are served from the registry near to the user; in the region that is missing they are not found.
    /// Every sub-path needs all regions.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
    /// registries:
    /// - name: gcr.io/k8s-staging-widget
    ///   src: true
    /// - name: asia-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: australia-southeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-north1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-southwest1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west3-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west8-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west9-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west10-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: southamerica-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-central1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east5-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
    /// registries:
    /// - name: gcr.io/k8s-staging-widget
    ///   src: true
    /// - name: asia-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: australia-southeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-north1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-southwest1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west3-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west8-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west9-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west10-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: southamerica-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-central1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east5-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    pub static RULE = {
        name: "missing-destination",
        category: Tree,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    let Some(promoter) = context.file.promoter().filter(|promoter| promoter.is_readable) else { return };
    let Some(list) = promoter.registries_entry.filter(|_| !policy.destinations.is_empty()) else { return };
    if !super::is_list_intact(context, promoter) {
        return;
    }
    let strays = super::strays(context);
    for (registry, name) in &strays {
        let message = format!("`{}` stands where `{name}` is missing; the images are not served from there", registry.name_str());
        let repair = registry.name.as_ref().and_then(|word| Repair::text(word.node, name));
        let finding = Finding::new(context.source(), registry.range(), message).help(format!("did you mean `{name}`?"));
        findings.push(finding.fix(Applicability::Suggested, format!("write `{name}`"), repair));
    }
    // A destination that is one mistyped is told as that, and not as missing too.
    let is_taken = |name: &str| promoter.destinations().any(|registry| registry.name_str() == name);
    let mistyped = |name: &str| if policy.destination(name).is_none() { nearest(policy, name, &is_taken) } else { None };
    // One that is marked as a source by mistake is there, too.
    let names = || promoter.registries.iter().map(Registry::name_str);
    let present = names().map(str::to_owned).chain(names().filter_map(mistyped));
    let present: BTreeSet<String> = present.chain(strays.into_iter().map(|(_, name)| name)).collect();
    if promoter.destinations().next().is_none() && promoter.sources().next().is_some() {
        let message = "the manifest has no destination; nothing is promoted";
        findings.push(Finding::new(context.source(), list.key.range(), message).help("add the production registries"));
    }
    let mut sub_paths: BTreeMap<&str, &str> = BTreeMap::new();
    for (registry, destination) in super::known_destinations(context) {
        sub_paths.entry(destination.sub_path).or_insert(registry.service_account.as_ref().map_or("", |account| account.as_str()));
    }
    // A sub-path that only few registries have is a mistyped one, which destination-subpath tells if it is not a stray.
    let count = |sub_path: &str| super::known_destinations(context).filter(|(_, destination)| destination.sub_path == sub_path).count();
    let most = sub_paths.keys().map(|sub_path| count(sub_path)).max().unwrap_or(0);
    for (sub_path, account) in sub_paths.iter().filter(|(sub_path, _)| count(sub_path) * 2 > most) {
        let missing: Vec<String> = policy.all_destinations(sub_path).into_iter().filter(|name| !present.contains(name)).collect();
        if missing.is_empty() {
            continue;
        }
        let message = format!("{} missing among the destinations; the images are not served from there", describe(&missing));
        let finding = Finding::new(context.source(), list.key.range(), message).help("add them, with the service account of the others");
        findings.push(finding.fix(Applicability::Suggested, "add the missing destinations", insertion(context, &missing, account)));
    }
}

/// `a, b and others are`.
fn describe(missing: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = missing.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match missing.len() {
        1 => format!("{} is", shown[0]),
        count if count <= SHOWN => format!("{} are", shown.join(", ")),
        _ => format!("{} and others are", shown.join(", ")),
    }
}

/// The missing entries behind the last one, indented like it. None for lists in brackets.
fn insertion(context: &FileContext<'_>, missing: &[String], account: &str) -> Option<Repair> {
    let list = context.file.promoter()?.registries_entry?.value.as_sequence()?.node();
    let item = list.children().last().filter(|item| list.style() == Style::Block && item.kind() == NodeKind::Mapping)?;
    let source = context.source();
    let lines = source.lines();
    let line = lines.line(item.range().start());
    let before_item = source.slice(TextRange::new(lines.line_start(line), item.range().start()));
    let (indent, gap) = before_item.split_once('-')?;
    if !indent.chars().chain(gap.chars()).all(|character| character == ' ') {
        return None;
    }
    let deeper = " ".repeat(before_item.len());
    let line_break = source.line_break();
    let entries: String = missing
        .iter()
        .map(|name| {
            let first = format!("{line_break}{indent}-{gap}name: {name}");
            if account.is_empty() { first } else { format!("{first}{line_break}{deeper}service-account: {account}") }
        })
        .collect();
    let end = lines.line_range(source.text(), lines.line(item.range().end())).end();
    let wanted = missing.iter().map(|name| {
        let account = (!account.is_empty()).then(|| ("service-account".to_owned(), Wanted::text(account)));
        Wanted::Mapping(std::iter::once(("name".to_owned(), Wanted::text(name))).chain(account).collect())
    });
    let operation = Operation::InsertAfter(item.id(), wanted.collect());
    Some(Repair::new(vec![TextEdit::insert(end, entries)], vec![operation]))
}
