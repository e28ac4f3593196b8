//! TOML with positions, and the errors found in it.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use promolint_analysis::suggest::closest;
use promolint_syntax::LineIndex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigurationError;

/// A value with its place in the text.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// One file, and what is wrong with it.
pub(crate) struct Reader<'t> {
    name: &'t Path,
    text: &'t str,
    lines: LineIndex,
    errors: Vec<ConfigurationError>,
}

impl<'t> Reader<'t> {
    /// Reads the text; broken TOML is among the errors.
    pub(crate) fn new(name: &'t Path, text: &'t str) -> (Self, DeTable<'t>) {
        let mut reader = Self { name, text, lines: LineIndex::new(text), errors: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            reader.error(error.span().unwrap_or_default(), error.message().to_owned(), None);
        }
        (reader, table.into_inner())
    }

    /// Whether something is wrong.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All errors as one, if there are any.
    pub(crate) fn finish(self) -> Option<ConfigurationError> {
        first_error(self.errors)
    }

    /// Adds an error.
    pub(crate) fn error(&mut self, span: Range<usize>, message: String, help: Option<String>) {
        let place = Some(self.place(span.start));
        self.errors.push(ConfigurationError { file: Some(self.name.to_owned()), place, message, help, others: Vec::new() });
    }

    /// Adds an error about a key that does not exist.
    pub(crate) fn unknown_key<K: AsRef<str>>(&mut self, key: &Spanned<Cow<'t, str>>, known: &[K]) {
        let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
        let help = match closest(key.get_ref(), known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known keys: {}", known.join(", ")),
        };
        self.error(key.span(), format!("unknown key `{}`", key.get_ref()), Some(help));
    }

    /// Adds an error of deserialization. `otherwise` is the place where it has none.
    pub(crate) fn type_error(&mut self, error: &toml::de::Error, otherwise: Range<usize>) {
        let message = error.message();
        self.error(error.span().unwrap_or(otherwise), message.to_owned(), did_you_mean(message));
    }

    /// The strings of a list, with their places.
    pub(crate) fn strings(&mut self, value: &Value<'t>) -> Vec<(String, Range<usize>)> {
        let Some(items) = value.get_ref().as_array() else {
            let found = value.get_ref().type_str();
            self.error(value.span(), format!("expected a list of strings, found {found}"), None);
            return Vec::new();
        };
        let items: Vec<_> =
            items.iter().map(|item| (item.get_ref().as_str().map(str::to_owned), item.get_ref().type_str(), item.span())).collect();
        let mut strings = Vec::new();
        for (text, found, span) in items {
            match text {
                Some(text) => strings.push((text, span)),
                None => self.error(span, format!("expected a string, found {found}"), None),
            }
        }
        strings
    }

    /// The value as a table; an error says that it is none.
    pub(crate) fn table<'v>(&mut self, value: &'v Value<'t>) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.error(value.span(), format!("expected a table, found {}", value.get_ref().type_str()), None);
        }
        table
    }

    /// Where a value comes from: `promolint.toml:12`.
    pub(crate) fn origin(&self, span: &Range<usize>) -> String {
        format!("{}:{}", self.name.display(), self.place(span.start).0)
    }

    /// Line and column from 1, the column in characters.
    fn place(&self, offset: usize) -> (u32, u32) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.line(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = self.lines.line_start(line) as usize;
        let column = self.text[start..offset].chars().count();
        (line + 1, u32::try_from(column + 1).unwrap_or(u32::MAX))
    }
}

/// The first error, with the others inside it.
pub(crate) fn first_error(mut errors: Vec<ConfigurationError>) -> Option<ConfigurationError> {
    errors.sort_by_key(|error| error.place);
    let mut errors = errors.into_iter();
    errors.next().map(|first| ConfigurationError { others: errors.collect(), ..first })
}

/// The nearest of the words that a message of serde names: "unknown field `a`, expected one of `b`, `c`".
fn did_you_mean(message: &str) -> Option<String> {
    let (wrong, expected) = message.strip_prefix("unknown ")?.split_once(", expected ")?;
    let quoted = |text: &'_ str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let known = quoted(expected);
    let nearest = closest(quoted(wrong).first()?, known.iter().map(String::as_str))?;
    Some(format!("did you mean `{nearest}`?"))
}
