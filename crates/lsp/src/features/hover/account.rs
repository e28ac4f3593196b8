//! Service accounts.

use promolint_analysis::model::Word;

use crate::features::subject;
use crate::features::text::{counted, title};
use crate::session::state::State;

/// What an account is for, by the policy, and how many manifests name it.
pub(super) fn account(state: &State, account: &Word<'_>) -> String {
    let policy = &state.judging.settings.policy;
    let is_among = |accounts: &[String]| accounts.iter().any(|known| *known == account.value);
    let what = match (is_among(&policy.images.service_accounts), is_among(&policy.files.service_accounts)) {
        (true, true) => "The policy's account for images and files",
        (true, false) => "The policy's account for images: it writes to the production registries",
        (false, true) => "The policy's account for files: it writes to the production filestores",
        (false, false) => "Not an account of the policy",
    };
    let names = |file| subject::accounts(file).iter().filter(|other| other.value == account.value).count();
    let counts: Vec<usize> = state.snapshot().files().iter().map(|file| names(file)).filter(|count| *count > 0).collect();
    let (places, manifests) = (counted(counts.iter().sum(), "destination"), counted(counts.len(), "manifest"));
    format!("{}\n\n{what}\n\nOn {places} in {manifests}\n", title(account.as_str()))
}
