use foldhash::{HashMap, HashMapExt};

use sha2::{Digest, Sha256};

use super::Project;
use crate::model::FileEntry;
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// `tool.sha256` is the checksum of `tool`.
    ///
    /// A checksum file holds the hash of its neighbour, so its own hash follows from the neighbour's.
    /// Where that holds for the files of a manifest and fails for one of them, one of the two hashes is
    /// wrong: copied from another release, mistyped, or computed before the last build. Its promotion
    /// fails, or users are given a checksum that does not fit.
    ///
    /// Known forms of checksum files are the bare hash and what `sha256sum` prints. Manifests in which
    /// most checksum files have another form are left alone.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// - name: v1.2.3/linux/amd64/tool.sha256
    ///   sha256: 5fac69ebc766fc53864a6173a997adcd1fb3e533dc637d24c4d665020dbbcd69
    /// - name: v1.2.3/linux/arm64/tool
    ///   sha256: afef129426043a7c6d52106da0b2e101505e9d1e1b873539fceb8d238c5dedfb
    /// - name: v1.2.3/linux/arm64/tool.sha256
    ///   sha256: eaea7d7e8993bbbeb5bc25c21f53e1512b483740ddefba750f964f4401eb2651
    /// - name: v1.2.3/windows/amd64/tool.exe
    ///   sha256: a3eb74cd745698c8942d1e730be9e62baba16557c06c6dbed43eaffebc4c219b
    /// - name: v1.2.3/windows/amd64/tool.exe.sha256
    ///   sha256: 64e604787cbf194841e7b68d7cd28786f6c9a0a3ab9f8b0a0e87cb4387ab0107
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// - name: v1.2.3/linux/amd64/tool.sha256
    ///   sha256: 5fac69ebc766fc53864a6173a997adcd1fb3e533dc637d24c4d665020dbbcd69
    /// - name: v1.2.3/linux/arm64/tool
    ///   sha256: afef129426043a7c6d52106da0b2e101505e9d1e1b873539fceb8d238c5dedfb
    /// - name: v1.2.3/linux/arm64/tool.sha256
    ///   sha256: eaea7d7e8993bbbeb5bc25c21f53e1512b483740ddefba750f964f4401eb2651
    /// - name: v1.2.3/windows/amd64/tool.exe
    ///   sha256: a3eb74cd745698c8942d1e730be9e62baba16557c06c6dbed43eaffebc4c219b
    /// - name: v1.2.3/windows/amd64/tool.exe.sha256
    ///   sha256: fa30964d39900be43e2eb6d7e983fc36ac16c35a043b17a91a9b5643bcc0e8e8
    /// ```
    pub static RULE = {
        name: "file-checksum",
        category: Files,
        severity: Warning,
        check: Check::Repository(check),
    }
}

/// A file and its checksum file.
struct Pair<'r, 'a> {
    tool: &'r FileEntry<'a>,
    checksum: &'r FileEntry<'a>,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    for project in super::projects(repository) {
        // The form that fitted last is tried first.
        let mut form = 0;
        let mut suspects = Vec::new();
        for (_, file) in &project.manifests {
            let (fitting, others) = split(file, &mut form);
            if fitting >= 2 && fitting > others.len() {
                suspects.extend(others.into_iter().map(|pair| (*file, pair)));
            }
        }
        if !suspects.is_empty() {
            let uses = uses(&project);
            for (file, pair) in &suspects {
                tell(file, pair, &uses, findings);
            }
        }
    }
}

/// How many checksum files of a manifest fit, and those that do not.
fn split<'r, 'a>(file: &'r File<'a>, form: &mut usize) -> (usize, Vec<Pair<'r, 'a>>) {
    let entries = || file.file_manifest().into_iter().flat_map(|manifest| &manifest.files);
    let mut checksums: HashMap<&str, &FileEntry<'a>> = HashMap::new();
    for entry in entries() {
        if let Some(neighbour) = entry.named_hash().and_then(|(name, _)| neighbour(name)) {
            checksums.insert(neighbour, entry);
        }
    }
    let (mut fitting, mut others) = (0, Vec::new());
    if checksums.is_empty() {
        return (fitting, others);
    }
    for tool in entries() {
        let Some((name, hash)) = tool.named_hash() else { continue };
        let Some((checksum, (_, expected))) = checksums.get(name).and_then(|entry| Some((*entry, entry.named_hash()?))) else { continue };
        match (0..FORMS).map(|tried| (*form + tried) % FORMS).find(|tried| hash_of_checksum_file(*tried, name, hash) == expected) {
            Some(found) => {
                *form = found;
                fitting += 1;
            }
            None => others.push(Pair { tool, checksum }),
        }
    }
    (fitting, others)
}

/// The file whose checksum a file of this name holds.
fn neighbour(name: &str) -> Option<&str> {
    name.strip_suffix(".sha256").or_else(|| name.strip_suffix(".sha256sum")).filter(|neighbour| !neighbour.is_empty())
}

const FORMS: usize = 6;

/// The hash of the checksum file of `name` in one of the usual forms.
fn hash_of_checksum_file(form: usize, name: &str, hash: &str) -> String {
    let file_name = name.rsplit('/').next().unwrap_or(name);
    let parts: &[&str] = match form {
        0 => &[hash, "\n"],
        1 => &[hash],
        2 => &[hash, "  ", file_name, "\n"],
        3 => &[hash, " *", file_name, "\n"],
        4 => &[hash, "  ", name, "\n"],
        _ => &[hash, "  ", file_name],
    };
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    let digits = b"0123456789abcdef";
    hasher.finalize().iter().flat_map(|byte| [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]).map(char::from).collect()
}

/// How often each hash stands in the manifests of a project.
fn uses<'r>(project: &Project<'r, '_>) -> HashMap<&'r str, usize> {
    let mut uses = HashMap::new();
    for (_, file) in &project.manifests {
        for (_, hash) in file.file_manifest().into_iter().flat_map(|manifest| &manifest.files).filter_map(FileEntry::named_hash) {
            *uses.entry(hash).or_default() += 1;
        }
    }
    uses
}

fn tell(file: &File<'_>, pair: &Pair<'_, '_>, uses: &HashMap<&str, usize>, findings: &mut Findings) {
    let is_shared = |entry: &FileEntry<'_>| entry.named_hash().is_some_and(|(_, hash)| uses.get(hash).is_some_and(|uses| *uses > 1));
    // A hash that stands elsewhere too is the one that was copied.
    let (blamed, other) =
        if is_shared(pair.checksum) && !is_shared(pair.tool) { (pair.checksum, pair.tool) } else { (pair.tool, pair.checksum) };
    let (Some(hash), Some(other_hash)) = (&blamed.sha256, &other.sha256) else { return };
    let (Some((tool, _)), Some((checksum, _))) = (pair.tool.named_hash(), pair.checksum.named_hash()) else { return };
    let message = format!(
        "the sha256 of `{}` and the one of `{}` do not belong together, so one of the two is wrong",
        tool.escape_debug(),
        checksum.escape_debug()
    );
    let finding = Finding::new(file.source, hash.range(), message).help("compute both hashes again from the files in the staging bucket");
    findings.push(finding.related(file.source, other_hash.range(), "the other one"));
}
