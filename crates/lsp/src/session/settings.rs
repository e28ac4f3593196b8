//! What the client sets: `initializationOptions`, or the section `promolint` of its configuration.

use promolint_workspace::git::Comparison;
use serde::Deserialize;

/// The client's settings. Unknown ones are passed over: they may be another version's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FixAll {
    /// Whether fixes are made too that need a look.
    pub r#unsafe: bool,
}

/// Which hints stand in the text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

    /// Reads settings; with or without the name of the section around them.
    pub fn read(value: &serde_json::Value) -> Result<Self, String> {
        let section = value.get("promolint").unwrap_or(value);
        if section.is_null() {
            return Ok(Self::default());
        }
        serde_json::from_value(section.clone()).map_err(|error| format!("the settings of promolint cannot be read: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_read() {
        assert_eq!(ClientSettings::read(&json!(null)), Ok(ClientSettings::default()));
        let settings = ClientSettings::read(&json!({"promolint": {"ignore": ["tree"], "fixAll": {"unsafe": true}, "other": 1}})).unwrap();
        assert_eq!(settings.ignore, ["tree"]);
        assert!(settings.enable && settings.fix_all.r#unsafe);
        assert_eq!(settings.since, Since::Branch);
        for (text, since) in [("off", Since::Off), ("branch", Since::Branch), ("HEAD~1", Since::Revision("HEAD~1".to_owned()))] {
            assert_eq!(ClientSettings::read(&json!({"since": text})).unwrap().since, since);
        }
        assert!(ClientSettings::read(&json!({"select": 3})).unwrap_err().contains("cannot be read"));
    }
}
