//! What the client sets: `initializationOptions`, or the section `promolint` of its configuration.

mod reader;

use promolint_workspace::git::Comparison;
use serde::Deserialize;

use reader::Reader;

/// The client's settings. Unknown ones are passed over: they may be another version's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the client's settings")]
pub struct ClientSettings {
    /// Whether anything is judged at all.
    pub enable: bool,
    /// Rules and categories, over those of `promolint.toml`.
    pub select: Vec<String>,
    /// As `select`.
    pub ignore: Vec<String>,
    /// Whether git is asked for anything.
    pub git: bool,
    /// With what the files are compared, so that what an edit does to earlier entries is told.
    pub since: Since,
    /// Whether findings that stood there before are left out.
    pub changed_only: bool,
    /// What `source.fixAll` does.
    pub fix_all: FixAll,
    /// Which hints stand in the text.
    pub inlay_hints: InlayHintSettings,
    /// Whether lenses stand above images and manifests.
    pub code_lens: bool,
    /// How files are formatted when the editor asks for it.
    pub format: Format,
    /// What is logged.
    pub trace: Trace,
}

/// With what the files are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Since {
    /// `"branch"`: with where the branch that is checked out began.
    #[default]
    Branch,
    /// `"off"`: with nothing.
    Off,
    /// With any other revision.
    Revision(String),
}

impl From<String> for Since {
    fn from(text: String) -> Self {
        match text.as_str() {
            "branch" => Self::Branch,
            "off" | "" => Self::Off,
            _ => Self::Revision(text),
        }
    }
}

/// How files are formatted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Whose conventions count.
    pub style: FormatStyle,
}

/// Whose conventions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormatStyle {
    /// The file's own.
    #[default]
    File,
    /// Those of the promoter's own tool.
    Promoter,
}

/// What `source.fixAll` does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixAll {
    /// Whether fixes are made too that need a look.
    pub r#unsafe: bool,
}

/// Which hints stand in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHintSettings {
    /// How many destinations a manifest has, and how many are missing.
    pub destinations: bool,
    /// How old a tag is, by git.
    pub tag_age: bool,
}

/// What is logged to `window/logMessage`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trace {
    /// Errors only.
    #[default]
    Off,
    /// What the server does.
    Messages,
    /// And how long it takes.
    Verbose,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            enable: true,
            select: Vec::new(),
            ignore: Vec::new(),
            git: true,
            since: Since::default(),
            changed_only: false,
            fix_all: FixAll::default(),
            inlay_hints: InlayHintSettings::default(),
            code_lens: true,
            format: Format::default(),
            trace: Trace::Off,
        }
    }
}

impl Default for InlayHintSettings {
    fn default() -> Self {
        Self { destinations: true, tag_age: false }
    }
}

impl ClientSettings {
    /// With what git is asked to compare; none where nothing is compared.
    pub fn comparison(&self) -> Option<Comparison> {
        match &self.since {
            _ if !self.git => None,
            Since::Off => None,
            Since::Branch => Some(Comparison::Branch),
            Since::Revision(revision) => Some(Comparison::Since(revision.clone())),
        }
    }

    /// Reads settings, with or without the name of the section around them, each key by itself. What is wrong comes
    /// beside them, as sentences; there the default counts.
    pub fn read(value: &serde_json::Value) -> (Self, Vec<String>) {
        const SWITCH: &str = "`true` or `false`";
        let mut reader = Reader::new(value.get("promolint").unwrap_or(value));
        let default = Self::default();
        let settings = Self {
            enable: reader.read("enable", SWITCH).unwrap_or(default.enable),
            select: reader.selectors("select"),
            ignore: reader.selectors("ignore"),
            git: reader.read("git", SWITCH).unwrap_or(default.git),
            since: reader.read("since", "`branch`, `off` or a revision").unwrap_or(default.since),
            changed_only: reader.read("changedOnly", SWITCH).unwrap_or(default.changed_only),
            fix_all: FixAll { r#unsafe: reader.read("fixAll.unsafe", SWITCH).unwrap_or(default.fix_all.r#unsafe) },
            inlay_hints: InlayHintSettings {
                destinations: reader.read("inlayHints.destinations", SWITCH).unwrap_or(default.inlay_hints.destinations),
                tag_age: reader.read("inlayHints.tagAge", SWITCH).unwrap_or(default.inlay_hints.tag_age),
            },
            code_lens: reader.read("codeLens", SWITCH).unwrap_or(default.code_lens),
            format: Format { style: reader.read("format.style", "`file` or `promoter`").unwrap_or(default.format.style) },
            trace: reader.read("trace", "`off`, `messages` or `verbose`").unwrap_or(default.trace),
        };
        (settings, reader.problems())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_read() {
        assert_eq!(ClientSettings::read(&json!(null)), (ClientSettings::default(), vec![]));
        let read = ClientSettings::read(&json!({"promolint": {"ignore": ["tree"], "fixAll": {"unsafe": true}, "other": 1}}));
        let (settings, problems) = read;
        assert_eq!(problems, [""; 0]);
        assert_eq!(settings.ignore, ["tree"]);
        assert!(settings.enable && settings.fix_all.r#unsafe);
        assert_eq!(settings.since, Since::Branch);
        for (text, since) in [("off", Since::Off), ("branch", Since::Branch), ("HEAD~1", Since::Revision("HEAD~1".to_owned()))] {
            assert_eq!(ClientSettings::read(&json!({"since": text})).0.since, since);
        }
    }

    #[test]
    fn what_is_wrong_costs_nothing_else() {
        let value = json!({
            "enable": null, "select": 3, "ignore": ["imges", "tree"], "git": false, "since": 1, "inlayHints": true,
            "fixAll": null, "format": {"style": "fancy"}, "trace": "messages"
        });
        let (settings, problems) = ClientSettings::read(&value);
        let expected = ClientSettings { ignore: vec!["tree".to_owned()], git: false, trace: Trace::Messages, ..ClientSettings::default() };
        assert_eq!(settings, expected);
        assert_eq!(
            problems,
            [
                "`select` must be a list of rules and categories",
                "`ignore`: there is no rule or category `imges` (did you mean `images`?)",
                "`since` must be `branch`, `off` or a revision",
                "`inlayHints` must be an object",
                "`format.style` must be `file` or `promoter`",
            ]
        );
    }

    #[test]
    fn nothing_is_written_in_several_ways() {
        for nothing in [json!(null), json!([]), json!({}), json!({"select": {}, "fixAll": [], "since": null})] {
            assert_eq!(ClientSettings::read(&nothing), (ClientSettings::default(), vec![]), "{nothing}");
        }
        assert_eq!(ClientSettings::read(&json!("tree")).1, ["`promolint` must be an object"]);
    }
}
