//! Whether Go's `regexp` takes a pattern.
//!
//! Filters of OWNERS files are compiled by it (RE2 syntax with Perl's additions). The reader here
//! follows its grammar and builds nothing; where it cannot be sure (names of Unicode classes,
//! limits of size), the pattern counts as good.

/// Why a pattern is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// `*`, `+`, `?` or `{n}` with nothing before it.
    NothingToRepeat,
    /// `**`, `+*` …
    RepeatedRepeat,
    /// `{1001}`, `{3,2}`
    RepeatSize,
    /// `(` without `)`.
    UnclosedGroup,
    /// `)` without `(`.
    UnopenedGroup,
    /// `[` without `]`.
    UnclosedClass,
    /// `[z-a]`, `[[:letters:]]`
    ClassRange,
    /// A backslash before a letter or digit that has no meaning there.
    Escape,
    /// `\1`
    BackReference,
    /// `(?=`, `(?!`, `(?<=`, `(?<!`
    LookAround,
    /// `(?` with anything else unknown behind it.
    Extension,
}

/// What is wrong with a pattern, if anything is.
pub(super) fn flaw(pattern: &str) -> Option<Flaw> {
    Reader { rest: pattern }.read().err()
}

struct Reader<'p> {
    rest: &'p str,
}

impl<'p> Reader<'p> {
    fn read(mut self) -> Result<(), Flaw> {
        let mut groups = 0_usize;
        // Whether something stands before that can be repeated, and whether it just was.
        let (mut has_operand, mut is_repeated) = (false, false);
        while let Some(character) = self.next() {
            let repeats = match character {
                '*' | '+' | '?' => true,
                '{' => self.counted_repeat()?,
                _ => false,
            };
            if repeats {
                self.eat("?");
                if is_repeated {
                    return Err(Flaw::RepeatedRepeat);
                }
                if !has_operand {
                    return Err(Flaw::NothingToRepeat);
                }
                is_repeated = true;
                continue;
            }
            is_repeated = false;
            has_operand = match character {
                '(' if self.eat("?") => match self.extension()? {
                    Extension::Group => {
                        groups += 1;
                        false
                    }
                    Extension::Flags => has_operand,
                },
                '(' => {
                    groups += 1;
                    false
                }
                ')' => {
                    groups = groups.checked_sub(1).ok_or(Flaw::UnopenedGroup)?;
                    true
                }
                '|' => false,
                '[' => {
                    self.class()?;
                    true
                }
                '\\' => {
                    self.escape_or_class()?;
                    true
                }
                _ => true,
            };
        }
        if groups == 0 { Ok(()) } else { Err(Flaw::UnclosedGroup) }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn eat_digits(&mut self) -> &'p str {
        let end = self.rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// Behind `{`: whether a count follows; if not, the brace stands for itself.
    fn counted_repeat(&mut self) -> Result<bool, Flaw> {
        const LIMIT: u32 = 1000;
        let before = self.rest;
        let least = self.eat_digits();
        let most = if self.eat(",") { self.eat_digits() } else { least };
        let has_leading_zero = |digits: &str| digits.len() > 1 && digits.starts_with('0');
        if least.is_empty() || has_leading_zero(least) || has_leading_zero(most) || !self.eat("}") {
            self.rest = before;
            return Ok(false);
        }
        let number = |digits: &str| digits.parse::<u32>().ok().filter(|number| *number <= LIMIT).ok_or(Flaw::RepeatSize);
        if number(least)? > if most.is_empty() { LIMIT } else { number(most)? } {
            return Err(Flaw::RepeatSize);
        }
        Ok(true)
    }

    /// Behind `(?`.
    fn extension(&mut self) -> Result<Extension, Flaw> {
        if self.rest.starts_with(['=', '!']) || self.rest.starts_with("<=") || self.rest.starts_with("<!") {
            return Err(Flaw::LookAround);
        }
        if self.rest.starts_with("P=") {
            return Err(Flaw::BackReference);
        }
        if self.eat("P<") || self.eat("<") {
            let (name, rest) = self.rest.split_once('>').ok_or(Flaw::Extension)?;
            self.rest = rest;
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return if is_name { Ok(Extension::Group) } else { Err(Flaw::Extension) };
        }
        let (mut is_negative, mut has_flag) = (false, false);
        loop {
            match self.next() {
                Some('i' | 'm' | 's' | 'U') => has_flag = true,
                Some('-') if !is_negative => (is_negative, has_flag) = (true, false),
                Some(':') if has_flag || !is_negative => return Ok(Extension::Group),
                Some(')') if has_flag || !is_negative => return Ok(Extension::Flags),
                _ => return Err(Flaw::Extension),
            }
        }
    }

    /// Behind a backslash, outside of classes.
    fn escape_or_class(&mut self) -> Result<(), Flaw> {
        match self.rest.chars().next() {
            // Text that stands for itself up to `\E` or the end.
            Some('Q') => self.rest = self.rest.split_once("\\E").map_or("", |(_, rest)| rest),
            Some('A' | 'b' | 'B' | 'C' | 'z') => drop(self.next()),
            _ if self.class_escape()? => {}
            _ => drop(self.escape()?),
        }
        Ok(())
    }

    /// Behind a backslash: a class of characters, if one follows.
    fn class_escape(&mut self) -> Result<bool, Flaw> {
        match self.rest.chars().next() {
            Some('d' | 'D' | 's' | 'S' | 'w' | 'W') => drop(self.next()),
            Some('p' | 'P') => {
                self.next();
                if self.eat("{") {
                    self.rest = self.rest.split_once('}').ok_or(Flaw::ClassRange)?.1;
                } else {
                    self.next().ok_or(Flaw::ClassRange)?;
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Behind a backslash: one character. The result is what it stands for, if that is known.
    fn escape(&mut self) -> Result<Option<char>, Flaw> {
        let is_octal = |rest: &str| rest.starts_with(|next: char| next.is_digit(8));
        match self.next().ok_or(Flaw::Escape)? {
            '1'..='7' if !is_octal(self.rest) => Err(Flaw::BackReference),
            '0'..='7' => {
                for _ in 0..2 {
                    if is_octal(self.rest) {
                        self.next();
                    }
                }
                Ok(None)
            }
            '8' | '9' => Err(Flaw::BackReference),
            'x' => self.hexadecimal(),
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => Ok(None),
            character if character.is_ascii() && !character.is_ascii_alphanumeric() => Ok(Some(character)),
            _ => Err(Flaw::Escape),
        }
    }

    fn hexadecimal(&mut self) -> Result<Option<char>, Flaw> {
        let digits = if self.eat("{") {
            let (digits, rest) = self.rest.split_once('}').ok_or(Flaw::Escape)?;
            self.rest = rest;
            digits
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).ok_or(Flaw::Escape)?;
            self.rest = rest;
            digits
        };
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_number { Ok(None) } else { Err(Flaw::Escape) }
    }

    /// Behind `[`.
    fn class(&mut self) -> Result<(), Flaw> {
        const NAMES: [&str; 14] =
            ["alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit"];
        self.eat("^");
        let mut is_first = true;
        while is_first || !self.rest.starts_with(']') {
            is_first = false;
            if let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
                if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return Err(Flaw::ClassRange);
                }
                self.rest = rest;
                continue;
            }
            if self.rest.starts_with('\\') {
                let before = self.rest;
                self.next();
                if self.class_escape()? {
                    continue;
                }
                self.rest = before;
            }
            let low = self.class_character()?;
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
                self.next();
                let high = self.class_character()?;
                if low.zip(high).is_some_and(|(low, high)| high < low) {
                    return Err(Flaw::ClassRange);
                }
            }
        }
        self.next();
        Ok(())
    }

    fn class_character(&mut self) -> Result<Option<char>, Flaw> {
        match self.next() {
            None => Err(Flaw::UnclosedClass),
            Some('\\') => self.escape(),
            some => Ok(some),
        }
    }
}

enum Extension {
    /// A group was opened.
    Group,
    /// Flags were set.
    Flags,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_patterns() {
        for pattern in [
            "",
            ".*",
            r"\.go$",
            r"^docs/.*\.md$",
            "a|b|",
            "(a|b)*",
            "x{2,3}?",
            "x{,5}",
            "{foo}",
            "a{",
            "a{01}",
            "[]a]",
            "[^]]",
            "[[]",
            "[a-]",
            "[-a]",
            "[[:alpha:]_]",
            "[[:alpha]",
            r"[\w.-]",
            r"\Qa**\E*",
            r"\Q**",
            "(?P<name>x)",
            "(?<name>x)",
            "(?i)x",
            "(?i:x)*",
            "(?i-s:x)",
            "^*",
            "a??",
            r"\pL",
            r"\p{Greek}",
            r"\x{1F600}",
            r"\x41",
            r"\07",
            r"\12",
            r"\_\-\/\<",
            "é+",
            r"[\]\\]",
            "a(?i)*",
            "()",
            "()*",
            "a&&b",
            "[a&&b]",
        ] {
            assert_eq!(flaw(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn bad_patterns() {
        for (pattern, expected) in [
            ("*.go", Flaw::NothingToRepeat),
            ("**/*.go", Flaw::NothingToRepeat),
            ("(*)", Flaw::NothingToRepeat),
            ("a|+", Flaw::NothingToRepeat),
            ("docs/**", Flaw::RepeatedRepeat),
            ("a*+", Flaw::RepeatedRepeat),
            ("a???", Flaw::RepeatedRepeat),
            ("a{2}{3}", Flaw::RepeatedRepeat),
            ("a{3,2}", Flaw::RepeatSize),
            ("a{1001}", Flaw::RepeatSize),
            ("a{99999999999}", Flaw::RepeatSize),
            ("(a", Flaw::UnclosedGroup),
            ("a)", Flaw::UnopenedGroup),
            ("[a", Flaw::UnclosedClass),
            ("[]", Flaw::UnclosedClass),
            ("[a-", Flaw::UnclosedClass),
            ("[z-a]", Flaw::ClassRange),
            ("[[:letter:]]", Flaw::ClassRange),
            (r"\y", Flaw::Escape),
            ("a\\", Flaw::Escape),
            (r"\xg0", Flaw::Escape),
            (r"\x", Flaw::Escape),
            (r"(a)\1", Flaw::BackReference),
            ("(?P=a)", Flaw::BackReference),
            ("(?!vendor/).*", Flaw::LookAround),
            ("(?=a)", Flaw::LookAround),
            ("(?<!a)", Flaw::LookAround),
            ("(?<=a)", Flaw::LookAround),
            ("(?>a)", Flaw::Extension),
            ("(?x)a", Flaw::Extension),
            ("(?P<a-b>a)", Flaw::Extension),
            ("(?", Flaw::Extension),
        ] {
            assert_eq!(flaw(pattern), Some(expected), "{pattern}");
        }
    }
}
