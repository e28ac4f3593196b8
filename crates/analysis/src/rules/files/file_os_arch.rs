use super::release::versions_of_path;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file's name does not contradict the platform of its directory.
    ///
    /// `windows/amd64/tool-linux-amd64` was copied and changed in one place only: whoever downloads it
    /// gets a program that does not run. Compared are the operating systems and architectures that are
    /// directories of the path with those at the end of the name; `.exe` stands for Windows.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/windows/amd64/tool-linux-amd64
    ///   sha256: a3eb74cd745698c8942d1e730be9e62baba16557c06c6dbed43eaffebc4c219b
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/windows/amd64/tool-windows-amd64.exe
    ///   sha256: a3eb74cd745698c8942d1e730be9e62baba16557c06c6dbed43eaffebc4c219b
    /// ```
    pub static RULE = {
        name: "file-os-arch",
        category: Files,
        severity: Warning,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_manifest() else { return };
    for name in manifest.files.iter().filter_map(|file| file.name.as_ref()) {
        if let Some(Contradiction { directory, name: found }) = contradiction(&name.value) {
            let message = format!(
                "`{}` is a file for {found} in a place for {directory}, so users get a program that does not run",
                name.value.escape_debug()
            );
            findings.push(
                Finding::new(context.source(), name.range(), message)
                    .help("name the same platform in the directory and in the file's name"),
            );
        }
    }
}

/// What a word says of the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Platform {
    System(&'static str),
    Architecture(&'static str),
}

/// The same platform has several names; the first of a line is the one that messages use.
const SYSTEMS: [&[&str]; 4] = [&["linux"], &["darwin", "macos", "osx"], &["windows", "win"], &["freebsd"]];
const ARCHITECTURES: [&[&str]; 8] = [
    &["amd64", "x86_64", "x64"],
    &["arm64", "aarch64"],
    &["arm", "armv7", "armhf", "armv6"],
    &["386", "i386", "i686"],
    &["ppc64le"],
    &["s390x"],
    &["riscv64"],
    &["mips64le"],
];

impl Platform {
    pub(super) fn of(word: &str) -> Option<Self> {
        let find = |table: &'static [&'static [&'static str]]| table.iter().find(|names| names.contains(&word)).map(|names| names[0]);
        find(&SYSTEMS).map(Self::System).or_else(|| find(&ARCHITECTURES).map(Self::Architecture))
    }

    fn name(self) -> &'static str {
        match self {
            Self::System(name) | Self::Architecture(name) => name,
        }
    }

    fn contradicts(self, other: Self) -> bool {
        self != other && matches!((self, other), (Self::System(_), Self::System(_)) | (Self::Architecture(_), Self::Architecture(_)))
    }
}

#[derive(PartialEq, Eq, Debug)]
struct Contradiction {
    directory: &'static str,
    name: &'static str,
}

fn contradiction(path: &str) -> Option<Contradiction> {
    let (directories, name) = path.rsplit_once('/').unwrap_or(("", path));
    let directories: Vec<Platform> = directories.split('/').filter_map(platform_of_directory).collect();
    let name = name.to_ascii_lowercase();
    let found = platforms_of_name(&name);
    let told = directories.iter().find_map(|directory| {
        // A path may name several platforms, as `linux/windows-tools` does; then nothing can be said.
        let against = found.iter().find(|found| found.contradicts(*directory))?;
        let is_clear = !found.contains(directory) && !directories.iter().any(|other| other.contradicts(*directory));
        is_clear.then(|| Contradiction { directory: directory.name(), name: against.name() })
    });
    told.or_else(|| executable_elsewhere(&name, &directories, &found))
}

fn platform_of_directory(part: &str) -> Option<Platform> {
    Platform::of(&part.to_ascii_lowercase())
}

/// `.exe` among the files of another system.
fn executable_elsewhere(name: &str, directories: &[Platform], found: &[Platform]) -> Option<Contradiction> {
    const WINDOWS: Platform = Platform::System("windows");
    if without_checksum(name).strip_suffix(".exe").is_none() || directories.contains(&WINDOWS) || found.contains(&WINDOWS) {
        return None;
    }
    let mut others = directories.iter().chain(found).filter(|platform| platform.contradicts(WINDOWS));
    others.next().map(|other| Contradiction { directory: other.name(), name: WINDOWS.name() })
}

/// The platforms at the end of a name, before its extensions: `linux` and `386` of
/// `crictl-v1.18.0-linux-386.tar.gz`. Words further in front belong to the tool: `windows-exporter`.
fn platforms_of_name(name: &str) -> Vec<Platform> {
    let mut stem = without_checksum(name);
    while let Some((before, extension)) = stem.rsplit_once('.') {
        let is_extension = matches!(
            extension,
            "exe" | "tar" | "gz" | "tgz" | "xz" | "bz2" | "zst" | "zip" | "deb" | "rpm" | "pkg" | "msi" | "json" | "txt"
        );
        if !is_extension {
            break;
        }
        stem = before;
    }
    // What stands before a version says nothing; what stands behind may.
    let version_end = versions_of_path(stem).last().map_or(0, |version| version.start + version.text.len());
    let mut rest = &stem[version_end.min(stem.len())..];
    let mut found = Vec::new();
    while !rest.is_empty() {
        // `x86_64` is one word.
        let whole = ["x86_64"].iter().find(|word| rest.ends_with(*word)).copied();
        let word = whole.unwrap_or_else(|| rest.rsplit(['-', '_', '.']).next().unwrap_or(rest));
        let Some(platform) = Platform::of(word) else { break };
        found.push(platform);
        rest = rest[..rest.len() - word.len()].trim_end_matches(['-', '_', '.']);
    }
    // A lone `arm`, `win` or `x64` may be the name of a tool.
    let is_vague = matches!(found[..], [Platform::Architecture("arm") | Platform::System("windows")]) && version_end == 0;
    if is_vague && !stem.ends_with("windows") { Vec::new() } else { found }
}

fn without_checksum(name: &str) -> &str {
    let endings = [".sha256sum", ".sha256", ".sha512", ".sha1", ".md5", ".asc", ".sig", ".pem", ".cert", ".sbom"];
    endings.iter().find_map(|ending| name.strip_suffix(ending)).map_or(name, without_checksum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions() {
        for (path, expected) in [
            ("v1/windows/amd64/tool-linux-amd64", Some(("windows", "linux"))),
            ("v1/linux/amd64/tool-linux-arm64.sha256", Some(("amd64", "arm64"))),
            ("v1/linux/arm64/tool-v1.2.3-linux-386.tar.gz", Some(("arm64", "386"))),
            ("v1/linux/amd64/tool-x86_64.zip", None),
            ("v1/linux/arm64/tool_x86_64", Some(("arm64", "amd64"))),
            ("v1/linux/amd64/tool.exe", Some(("linux", "windows"))),
            ("v1/linux/amd64/tool.exe.sha256", Some(("linux", "windows"))),
            ("tool-darwin-amd64.exe", Some(("darwin", "windows"))),
            ("tool.exe", None),
            ("v1/windows/amd64/tool", None),
            ("v1/darwin/arm64/tool-macos-aarch64", None),
            ("v1/linux/amd64/windows-exporter", None),
            ("v1/linux/amd64/windows-helper-linux-amd64", None),
            ("v1/linux/amd64/tool-arm", None),
            ("v1/linux/amd64/tool-1.386.0", None),
            ("v1/images/tool-amd64.tar.gz", None),
            ("v1/linux/windows/tool-linux", None),
            ("crictl-v1.18.0-linux-386.tar.gz", None),
            ("linux", None),
            ("", None),
        ] {
            let expected = expected.map(|(directory, name)| Contradiction { directory, name });
            assert_eq!(contradiction(path), expected, "{path}");
        }
    }
}
