//! Tests of reading: from the text of a file to levels, policy, values and errors.

use std::path::{Path, PathBuf};

use promolint_analysis::rule::Check;
use promolint_analysis::{Category, Level, Rule, Severity};

use super::*;

const fn rule(name: &'static str, category: Category, enabled: bool) -> Rule {
    Rule {
        name,
        category,
        severity: Severity::Warning,
        severity_on_change: Severity::Warning,
        enabled,
        in_frozen_trees: false,
        on_touched_lines: false,
        fix: None,
        documentation: "",
        check: Check::BuiltIn,
        check_change: None,
    }
}

static TAG_SYNTAX: Rule = rule("tag-syntax", Category::Images, true);
static LATEST_TAG: Rule = rule("latest-tag", Category::Images, true);
static ORDER: Rule = rule("order", Category::Images, false);
static SOURCE_COUNT: Rule = rule("source-count", Category::Tree, true);
static RULES: &[&Rule] = &[&TAG_SYNTAX, &LATEST_TAG, &ORDER, &SOURCE_COUNT];

fn read(text: &str) -> Result<ConfigurationFile, ConfigurationError> {
    file::read(Path::new("promolint.toml"), text, "", RULES)
}

fn configured(text: &str, select: &[&str], ignore: &[&str]) -> (Configuration, Settings) {
    put(text, &Request { select: words(select), ignore: words(ignore), ..Request::default() })
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn put(text: &str, request: &Request) -> (Configuration, Settings) {
    let command_line = command_line(RULES, request).expect("known words");
    put_together(RULES, Some(PathBuf::from("promolint.toml")), read(text).expect(text), &command_line)
}

/// The rules that are on for a path, with severities that differ from their own.
fn levels(settings: &Settings, path: &str) -> String {
    let shown = |rule: &&'static Rule| match settings.levels.level(rule, path) {
        Level::Off => None,
        Level::Default => Some(rule.name.to_owned()),
        Level::At(severity) => Some(format!("{}={severity}", rule.name)),
    };
    RULES.iter().filter_map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn select_and_ignore() {
    for (text, select, ignore, expected) in [
        ("", &[][..], &[][..], "tag-syntax latest-tag source-count"),
        ("select = ['all']", &[], &[], "tag-syntax latest-tag source-count"),
        ("select = ['images']", &[], &[], "tag-syntax latest-tag"),
        ("select = ['order']", &[], &[], "order"),
        ("select = ['all', 'order']", &[], &[], "tag-syntax latest-tag order source-count"),
        ("select = []", &[], &[], ""),
        ("ignore = ['images']", &[], &[], "source-count"),
        ("ignore = ['all']", &[], &[], ""),
        // The more exact word counts, and among equals `ignore`.
        ("select = ['all', 'tag-syntax']\nignore = ['images']", &[], &[], "tag-syntax source-count"),
        ("select = ['tag-syntax']\nignore = ['tag-syntax']", &[], &[], ""),
        // Severities.
        ("severity = { tag-syntax = 'error', order = 'error' }", &[], &[], "tag-syntax=error latest-tag source-count"),
        ("select = ['order']\n[severity]\norder = 'hint'", &[], &[], "order=hint"),
        ("[severity]\nlatest-tag = 'off'", &[], &[], "tag-syntax source-count"),
        // The command line.
        ("select = ['images']", &["tree"], &[], "source-count"),
        ("ignore = ['tree']", &["tree"], &[], "source-count"),
        ("ignore = ['source-count']", &["tree"], &[], ""),
        ("ignore = ['latest-tag']", &["latest-tag"], &[], "latest-tag"),
        ("[severity]\nlatest-tag = 'off'", &["latest-tag"], &[], "latest-tag"),
        ("select = ['tag-syntax', 'tree']", &[], &["images"], "source-count"),
        ("", &["images", "tag-syntax"], &["images"], "tag-syntax"),
        ("", &["tag-syntax"], &["tag-syntax"], ""),
    ] {
        let (_, settings) = configured(text, select, ignore);
        assert_eq!(levels(&settings, "a/b.yaml"), expected, "{text} {select:?} {ignore:?}");
    }
}

#[test]
fn overrides_count_for_their_files_only() {
    for (head, over, select, ignore, expected) in [
        ("", "ignore = ['images']", &[][..], &[][..], "source-count"),
        ("", "ignore = ['all']", &[], &[], ""),
        ("", "select = ['tree', 'order']", &[], &[], "order source-count"),
        ("", "select = ['images']\nignore = ['latest-tag']", &[], &[], "tag-syntax"),
        ("", "severity = { tag-syntax = 'hint', order = 'hint', latest-tag = 'off' }", &[], &[], "tag-syntax=hint source-count"),
        ("ignore = ['images']", "select = ['images']", &[], &[], "tag-syntax latest-tag"),
        ("severity = { tag-syntax = 'error' }", "select = ['images']", &[], &[], "tag-syntax=error latest-tag"),
        ("severity = { tag-syntax = 'error' }", "severity = { tag-syntax = 'info' }", &[], &[], "tag-syntax=info latest-tag source-count"),
        // Nothing that the command line silenced comes back.
        ("", "select = ['images']", &[], &["latest-tag"], "tag-syntax"),
        ("", "severity = { latest-tag = 'error' }", &[], &["latest-tag"], "tag-syntax source-count"),
        ("", "select = ['images', 'tree']", &["tree"], &[], "source-count"),
    ] {
        let text = format!("{head}\n[[overrides]]\nfiles = ['old/']\n{over}\n");
        let (_, settings) = configured(&text, select, ignore);
        assert_eq!(levels(&settings, "old/images.yaml"), expected, "{text} {select:?} {ignore:?}");
        let (_, alone) = configured(head, select, ignore);
        assert_eq!(levels(&settings, "new/images.yaml"), levels(&alone, ""), "{text}");
    }
    let (_, settings) = configured(
        "overrides = [{ files = ['*.yaml'], ignore = ['tree'] }, { files = ['a/*.yaml'], severity = { tag-syntax = 'info' } }]",
        &[],
        &[],
    );
    assert_eq!(levels(&settings, "a/x.yaml"), "tag-syntax=info latest-tag");
}

#[test]
fn errors_have_their_place_and_a_suggestion() {
    for (text, expected) in [
        ("select = ['tag-sytnax']", "1:11 there is no rule or category `tag-sytnax` (did you mean `tag-syntax`?)"),
        ("ignore = [\n  'imges',\n]", "2:3 there is no rule or category `imges` (did you mean `images`?)"),
        ("select = 'all'", "1:10 expected a list of strings, found string"),
        ("select = [1]", "1:11 expected a string, found integer"),
        ("slect = []", "1:1 unknown key `slect` (did you mean `select`?)"),
        (
            "[frobnication]",
            "1:2 unknown key `frobnication` (known keys: select, ignore, severity, fixable, unfixable, baseline, overrides, policy)",
        ),
        ("[severity]\ntag-sintax = 'error'", "2:1 there is no rule `tag-sintax` (did you mean `tag-syntax`?)"),
        ("[severity]\nimages = 'error'", "2:1 there is no rule `images` (severities are set for each rule by its name)"),
        ("[severity]\ntag-syntax = 'eror'", "2:14 there is no severity `eror` (did you mean `error`?)"),
        ("[severity]\ntag-syntax = 'loud'", "2:14 there is no severity `loud` (one of `error`, `warning`, `info`, `hint`, `off`)"),
        ("[severity]\ntag-syntax = true", "2:14 expected a severity, found boolean (one of `error`, `warning`, `info`, `hint`, `off`)"),
        ("severity = 1", "1:12 expected a table, found integer"),
        ("[overrides]\nfiles = ['a']", "1:1 expected a list of tables, found table (write `[[overrides]]`)"),
        ("[[overrides]]\nignore = ['all']", "1:1 an override needs `files` (globs as in .gitignore, `files = [\"k8s.gcr.io/\"]`)"),
        ("[[overrides]]\nfiles = []", "2:9 an override without files has no effect"),
        ("[[overrides]]\nfiles = ['a', 'b[']", "2:15 `b[` is no glob: unclosed character class; missing ']'"),
        ("[[overrides]]\nfiles = ['!a']", "2:10 `!a` is no glob: it cannot be negated"),
        ("[[overrides]]\nfiles = ['a']\nfile = 1", "3:1 unknown key `file` (did you mean `files`?)"),
        ("[policy]\nbase = 'kubernets'", "2:8 there is no such policy to start from (did you mean `kubernetes`?)"),
        ("[policy.imges]", "1:9 unknown key `imges` (did you mean `images`?)"),
        ("policy.images = 1", "1:17 expected a table, found integer"),
        ("baseline = 1", "1:12 expected the name of a file, found integer"),
        ("baseline = ''", "1:12 the name of the baseline is missing"),
        ("[policy.images]\nregoins = []", "2:1 unknown key `regoins` (did you mean `regions`?)"),
        ("[policy.images]\nextend-regoins = []", "2:1 unknown key `extend-regoins` (did you mean `extend-regions`?)"),
        ("[policy.images]\nregions = 'a'", "2:11 invalid type: string \"a\", expected a sequence"),
        ("[policy.images]\nregions = [\n 'a',\n 1]", "4:2 invalid type: integer `1`, expected a string"),
        ("[policy.images]\nextend-regions = [1]", "2:19 invalid type: integer `1`, expected a string"),
        (
            "[policy.images]\nleading-v = 'convetion'",
            "2:13 unknown variant `convetion`, expected one of `convention`, `required`, `off` (did you mean `convention`?)",
        ),
        (
            "[policy.images]\nsources = [{ patern = 'a' }]",
            "2:14 unknown field `patern`, expected one of `pattern`, `declared-in`, `name-limit` (did you mean `pattern`?)",
        ),
        ("[policy.images]\nextend-directory = 'a'", "2:1 `directory` is no list: it can be replaced, not extended (write `directory`)"),
        // Columns count characters.
        (
            "policy = { base = 'none', 'é' = 1 }",
            "1:27 unknown key `é` (known keys: images, files, groups, owners, frozen-trees, extend-frozen-trees)",
        ),
    ] {
        let error = read(text).expect_err(text);
        let (line, column) = error.place.expect("every error of a file has a place");
        let help = error.help.map(|help| format!(" ({help})")).unwrap_or_default();
        assert_eq!(format!("{line}:{column} {}{help}", error.message), expected, "{text}");
        assert_eq!(error.file.as_deref(), Some(Path::new("promolint.toml")));
    }
}

#[test]
fn all_errors_are_told_at_once_in_their_order() {
    let error = read("slect = []\n[policy.images]\nregions = 1\ndirectory = 2\n[severity]\nx = 'off'\n").expect_err("four errors");
    let lines: Vec<_> = std::iter::once(&error).chain(&error.others).map(|error| error.place.map(|place| place.0)).collect();
    assert_eq!(lines, [Some(1), Some(3), Some(4), Some(6)]);
    assert_eq!(error.to_string(), "promolint.toml:1:1: unknown key `slect`");
}

#[test]
fn broken_toml_has_its_place() {
    assert!(read("\u{feff}select = []\r\n").is_ok(), "a BOM and CRLF are what some editors write");
    for (text, place) in [("select = [", (1, 11)), ("a = 1\na = 2", (2, 1)), ("\n= 1", (2, 1))] {
        let error = read(text).expect_err(text);
        assert_eq!(error.place, Some(place), "{text}: {error}");
    }
}

#[test]
fn the_command_line_is_checked_too() {
    let error = command_line(RULES, &Request { select: words(&["tre"]), ..Request::default() }).expect_err("no such category");
    assert_eq!(error.to_string(), "--select: there is no rule or category `tre`");
    assert_eq!(error.help.as_deref(), Some("did you mean `tree`?"));
}

#[test]
fn the_policy_is_extended_and_replaced() {
    let builtin = promolint_analysis::Policy::builtin();
    let policy = |text: &str| read(text).expect(text).policy;
    assert_eq!(policy(""), builtin);
    assert_eq!(policy("[policy]\nbase = 'kubernetes'"), builtin);
    assert_eq!(policy("[policy]\nbase = 'none'"), promolint_analysis::Policy::default());

    let changed = policy(
        "[policy.images]\nregions = ['a']\nextend-regions = ['b']\nextend-moving-tags = ['weekly', 'latest']\ndirectory = '<project>'\n\
         [policy.images.extend-source-exceptions]\nwidget = 'gadget'\n[[policy.extend-frozen-trees]]\nfrozen = 'x'\nlive = 'y'\n",
    );
    assert_eq!(changed.images.regions, ["a", "b"]);
    assert_eq!(changed.images.directory, "<project>");
    let added = changed.images.moving_tags.strip_prefix(builtin.images.moving_tags.as_slice()).expect("the built-in ones come first");
    assert_eq!(added, ["weekly"]);
    assert_eq!(changed.images.source_exceptions["widget"], "gadget");
    assert_eq!(changed.images.source_exceptions.len(), builtin.images.source_exceptions.len() + 1);
    assert_eq!(changed.frozen_trees.len(), builtin.frozen_trees.len() + 1);
    assert_eq!(changed.files, builtin.files);

    let own = policy("[policy]\nbase = 'none'\n[policy.images]\nextend-regions = ['a']\nleading-v = 'required'\n");
    assert_eq!(own.images.regions, ["a"]);
    assert_eq!(own.files, promolint_analysis::Policy::default().files);
}

#[test]
fn every_value_has_an_origin() {
    let (configuration, _) = configured(
        "ignore = ['latest-tag']\n[severity]\ntag-syntax = 'error'\n[policy.images]\nextend-regions = ['b']\nleading-v = 'off'\n\
         [[overrides]]\nfiles = ['a']\n",
        &["images"],
        &["order"],
    );
    let value = |key: &str| {
        let mut found = configuration.values.iter().filter(|value| value.key == key);
        let value = found.next().expect(key);
        assert_eq!(found.next(), None);
        (value.value.as_str(), value.origin.as_str())
    };
    for (key, expected) in [
        ("select", ("[\"images\"]", "command line")),
        ("ignore", ("[\"latest-tag\", \"order\"]", "promolint.toml:1 + command line")),
        ("severity.tag-syntax", ("\"error\"", "promolint.toml:3")),
        ("severity.latest-tag", ("\"off\"", "promolint.toml:1")),
        ("severity.order", ("\"off\"", "command line")),
        ("severity.source-count", ("\"off\"", "command line")),
        ("policy.base", ("\"kubernetes\"", "built-in")),
        ("policy.images.leading-v", ("\"off\"", "promolint.toml:6")),
        ("policy.groups.name-limit", ("18", "built-in")),
        ("overrides[0].files", ("[\"a\"]", "promolint.toml:8")),
    ] {
        assert_eq!(value(key), expected, "{key}");
    }
    assert_eq!(
        configured("\nbaseline = 'known.toml'\n", &[], &[]).0.values[0].to_string(),
        "baseline = \"known.toml\"  # promolint.toml:2"
    );
    assert_eq!(value("policy.images.regions").1, "built-in + promolint.toml:5");
    assert!(configuration.values.is_sorted_by_key(|value| &value.key));

    // A policy of one's own: lists that nobody filled are empty because of the base.
    let (configuration, _) = configured("[policy]\nbase = 'none'\n", &[], &[]);
    let regions = configuration.values.iter().find(|value| value.key == "policy.images.regions").expect("listed");
    assert_eq!((regions.value.as_str(), regions.origin.as_str()), ("[]", "promolint.toml:2"));
}

#[test]
fn fixable_and_unfixable() {
    for (text, fixable, unfixable, expected) in [
        ("", &[][..], &[][..], ""),
        ("fixable = ['images']", &[], &[], "source-count"),
        ("unfixable = ['images']", &[], &[], "latest-tag order tag-syntax"),
        ("fixable = ['latest-tag']\nunfixable = ['images']", &[], &[], "order source-count tag-syntax"),
        ("fixable = []", &[], &[], "latest-tag order source-count tag-syntax"),
        ("unfixable = ['images']", &["latest-tag"], &[], "order source-count tag-syntax"),
        ("unfixable = ['tag-syntax']", &["tag-syntax"], &[], "latest-tag order source-count"),
        ("unfixable = ['tag-syntax']", &["images"], &[], "source-count tag-syntax"),
        ("fixable = ['tree']", &["images"], &["latest-tag"], "latest-tag source-count"),
        ("", &[], &["all"], "latest-tag order source-count tag-syntax"),
    ] {
        let request = Request { fixable: words(fixable), unfixable: words(unfixable), ..Request::default() };
        let (configuration, settings) = put(text, &request);
        assert_eq!(settings.unfixable.iter().copied().collect::<Vec<_>>().join(" "), expected, "{text} {fixable:?} {unfixable:?}");
        assert!(configuration.values.iter().any(|value| value.key == "fixable"));
    }
    let (configuration, _) = put("unfixable = ['images']", &Request { unfixable: words(&["tree"]), ..Request::default() });
    let value = configuration.values.iter().find(|value| value.key == "unfixable").expect("it is told");
    assert_eq!((value.value.as_str(), value.origin.as_str()), ("[\"images\", \"tree\"]", "promolint.toml:1 + command line"));
    assert!(read("unfixable = ['tagsyntax']").is_err());
}

#[test]
fn placeholders_of_destinations() {
    let error = |text: &str| read(text).err().map(|error| error.to_string());
    let none = "[policy]\nbase = 'none'\n[policy.images]\n";
    let project = error(&format!("{none}destinations = ['a.example/b', 'a.example/<project>']\n")).expect("an error");
    assert!(project.starts_with("promolint.toml:4:32: `a.example/<project>` names `<project>`"), "{project}");
    let region = error(&format!("{none}destinations = ['<region>.example/b']\n")).expect("an error");
    assert!(region.starts_with("promolint.toml:4:1: there are no regions"), "{region}");
    assert!(error("[policy.images]\nregions = []\n").is_some());
    for text in
        ["destinations = ['<region>.example/b']\nregions = ['a']\n", "regions = ['a']\nextend-destinations = ['<region>.example/b']\n", ""]
    {
        assert_eq!(error(&format!("{none}{text}")), None, "{text}");
    }
    assert_eq!(error("[policy.images]\nextend-regions = ['b']\n"), None);
}
