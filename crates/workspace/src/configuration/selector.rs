//! Words of `select` and `ignore`: a rule, a category, or `all`.

use promolint_analysis::suggest::closest;
use promolint_analysis::{Category, Rule};

/// One word of `select` or `ignore`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Selector {
    All,
    Category(Category),
    Rule(&'static Rule),
}

/// What is wrong with a word.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Selector {
    /// Reads a word.
    pub(crate) fn parse(word: &str, rules: &[&'static Rule]) -> Result<Self, Wrong> {
        if word == "all" {
            return Ok(Self::All);
        }
        if let Some(category) = category(word) {
            return Ok(Self::Category(category));
        }
        rule(word, rules).map(Self::Rule).map_err(|_| {
            let known = rules.iter().map(|rule| rule.name).chain(Category::ALL.map(Category::name)).chain(["all"]);
            let help = closest(word, known).map(|nearest| format!("did you mean `{nearest}`?"));
            let help = help.unwrap_or_else(|| "`promolint rules` lists the rules and their categories".to_owned());
            Wrong { message: format!("there is no rule or category `{word}`"), help: Some(help) }
        })
    }

    /// How exactly the word means a rule: 0 not at all, 1 `all`, 2 its category, 3 its name.
    pub(crate) fn exactness(self, rule: &Rule) -> u8 {
        match self {
            Self::All => 1,
            Self::Category(category) if category == rule.category => 2,
            Self::Rule(named) if named.name == rule.name => 3,
            _ => 0,
        }
    }

    /// The word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Category(category) => category.name(),
            Self::Rule(rule) => rule.name,
        }
    }
}

/// The rule of a name; `[severity]` takes nothing else.
pub(crate) fn rule(word: &str, rules: &[&'static Rule]) -> Result<&'static Rule, Wrong> {
    rules.iter().copied().find(|rule| rule.name == word).ok_or_else(|| {
        let help = if category(word).is_some() || word == "all" {
            "severities are set for each rule by its name".to_owned()
        } else if let Some(nearest) = closest(word, rules.iter().map(|rule| rule.name)) {
            format!("did you mean `{nearest}`?")
        } else {
            "`promolint rules` lists the rules".to_owned()
        };
        Wrong { message: format!("there is no rule `{word}`"), help: Some(help) }
    })
}

fn category(word: &str) -> Option<Category> {
    Category::ALL.into_iter().find(|category| category.name() == word)
}
