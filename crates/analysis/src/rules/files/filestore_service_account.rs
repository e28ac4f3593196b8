use promolint_syntax::{Node, NodeKind, Style, TextEdit};

use super::filestore_source_count::missing_source;
use crate::diagnostic::Applicability;
use crate::fixing::{Operation, Repair, Wanted};
use crate::model::{Filestore, Word};
use crate::policy::Policy;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest::closest;

declare_rule! {
    /// A destination in Google Cloud Storage names the service account that may write there.
    ///
    /// Without one, the promoter refuses to promote; with the account that promotes *images*, or any
    /// other that has no right to write, the files never arrive and users are told 404. Mirrors in S3
    /// have no service account, and sources are read by everybody.
    ///
    /// The accounts are policy: `files.service-accounts`.
    ///
    /// ## Bad
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-tool/releases/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-tool/releases/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - base: s3://mirror-bucket/binaries/tool/
    /// ```
    pub static RULE = {
        name: "filestore-service-account",
        category: Files,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = context.policy();
    let known = &policy.files.service_accounts;
    let Some(manifest) = context.file.file_promoter().filter(|_| !known.is_empty()) else { return };
    let missing_source = missing_source(context.file, manifest, policy).map(|filestore| filestore.node.id());
    for filestore in manifest.destinations() {
        let in_cloud_storage = filestore.location().is_some_and(|location| location.scheme == "gs");
        let is_source = missing_source == Some(filestore.node.id());
        if !in_cloud_storage || is_source || !super::is_sure(context.file, filestore.node.range()) {
            continue;
        }
        match filestore.service_account.as_ref().filter(|account| !account.value.is_empty()) {
            None => findings.push(missing(context, filestore)),
            Some(account) if !known.iter().any(|known| *known == account.value) => findings.push(unknown(context, account)),
            Some(_) => {}
        }
    }
}

fn missing(context: &FileContext<'_>, filestore: &Filestore<'_>) -> Finding {
    let account = &context.policy().files.service_accounts[0];
    let misspelled = super::misspelled(context.file, filestore.node, "service-account");
    let empty = filestore.service_account.as_ref().map(Word::range).filter(|range| !range.is_empty());
    let range = misspelled.or(empty).unwrap_or_else(|| filestore.range());
    let base = filestore.base.as_ref().map_or("", Word::as_str);
    let finding = Finding::new(context.source(), range, format!("`{base}` has no service account, so the promoter refuses to write to it"))
        .help(format!("add `service-account: {account}`"));
    match insertion(filestore, account) {
        Some(repair) if misspelled.is_none() && filestore.service_account.is_none() => {
            finding.fix(Applicability::Suggested, "add the service account", repair)
        }
        _ => finding,
    }
}

fn unknown(context: &FileContext<'_>, account: &Word<'_>) -> Finding {
    let policy: &Policy = context.policy();
    let known = policy.files.service_accounts.iter().map(String::as_str);
    let is_for_images = policy.images.service_accounts.iter().any(|images| *images == account.value);
    let shown = account.value.escape_debug();
    let message = if is_for_images {
        format!("`{shown}` promotes images and may not write files, so the promotion fails")
    } else {
        format!("`{shown}` is none of the accounts that promote files, so the promotion fails")
    };
    let meant = if is_for_images { known.clone().next() } else { closest(&account.value, known.clone()) };
    let meant = meant.or_else(|| known.clone().next().filter(|_| known.len() == 1));
    let finding = Finding::new(context.source(), account.range(), message);
    match meant.and_then(|meant| Some((meant, Repair::text(account.node, meant)?))) {
        Some((meant, repair)) => {
            finding.help(format!("use `{meant}`")).fix(Applicability::Suggested, format!("replace by `{meant}`"), repair)
        }
        None => finding.help(format!("use {}", known.map(|known| format!("`{known}`")).collect::<Vec<_>>().join(" or "))),
    }
}

/// The account on a line of its own behind the base; `None` where that would not be well-formed.
fn insertion(filestore: &Filestore<'_>, account: &str) -> Option<Repair> {
    let mapping = filestore.node.as_mapping()?;
    if mapping.node().style() != Style::Block || filestore.node.kind() == NodeKind::Alias {
        return None;
    }
    let entry = mapping.entry("base")?;
    let text = entry.value.document().text();
    let end = Node::range(entry.value).end();
    let line_end = text[end as usize..].find('\n').map_or(text.len(), |length| end as usize + length);
    let key_start = entry.key.range().start() as usize;
    let line_start = text[..key_start].rfind('\n').map_or(0, |at| at + 1);
    let column = text[line_start..key_start].chars().count();
    let rest = text[end as usize..line_end].trim_end_matches('\r');
    let is_plain_line = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let offset = u32::try_from(end as usize + rest.len()).ok()?;
    let line_break = if text[..line_end].ends_with('\r') { "\r\n" } else { "\n" };
    let added = format!("{line_break}{}service-account: {account}", " ".repeat(column));
    let operation = Operation::AddEntry(mapping.node().id(), "service-account".to_owned(), Wanted::text(account));
    is_plain_line.then(|| Repair::new(vec![TextEdit::insert(offset, added)], vec![operation]))
}
