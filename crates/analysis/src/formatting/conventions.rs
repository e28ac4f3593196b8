//! What a file does at nearly all places of a kind, or what a style wants there.

use promolint_syntax::Style as Written;

use super::Style;
use super::places::{Form, Found, Habit, Place, Role};

/// So many places must agree before they are a convention.
const ENOUGH: usize = 4;

/// What is wanted at each kind of place.
pub(super) struct Conventions<'a> {
    style: Style,
    /// There are about a dozen.
    learned: Vec<(Habit<'a>, Tally<'a>)>,
}

/// How often each way of writing occurs; there are few.
struct Tally<'a> {
    found: Vec<(Found<'a>, usize)>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, found: Found<'a>) {
        match self.found.iter_mut().find(|(known, _)| *known == found) {
            Some((_, count)) => *count += 1,
            None => self.found.push((found, 1)),
        }
    }

    /// What enough places do, and at most one of `share` + 1 does not.
    fn clear(&self, share: usize) -> Option<Found<'a>> {
        let total: usize = self.found.iter().map(|(_, count)| count).sum();
        let (found, most) = self.found.iter().max_by_key(|(_, count)| *count)?;
        (*most >= ENOUGH && (total - most) * share <= *most).then_some(*found)
    }
}

impl<'a> Conventions<'a> {
    pub(super) fn learn(places: &[Place<'a>], style: Style) -> Self {
        let mut learned: Vec<(Habit<'a>, Tally<'a>)> = Vec::new();
        for place in places {
            match learned.iter_mut().find(|(habit, _)| *habit == place.habit) {
                Some((_, tally)) => tally.add(place.found),
                None => learned.push((place.habit, Tally { found: vec![(place.found, 1)] })),
            }
        }
        Self { style, learned }
    }

    /// What is wanted; `None` where everything stays as it is.
    pub(super) fn wanted(&self, habit: Habit<'_>) -> Option<Found<'a>> {
        if habit == Habit::Quotes(Role::Digest) {
            // Whatever the file does: the promoter's diff mode sees no others.
            return Some(Found::Quotes(Written::DoubleQuoted));
        }
        match self.style {
            Style::Promoter => promoter(habit),
            Style::File => {
                let share = if habit == Habit::BlankLines { 20 } else { 4 };
                let learned = self.learned.iter().find(|(known, _)| *known == habit).and_then(|(_, tally)| tally.clear(share));
                match habit {
                    Habit::Quotes(Role::TypedTag) => learned.or_else(|| self.wanted(Habit::Quotes(Role::Tag))),
                    _ => learned,
                }
            }
        }
    }
}

/// What the promoter's own tool writes.
fn promoter(habit: Habit<'_>) -> Option<Found<'static>> {
    Some(match habit {
        Habit::BeforeColon | Habit::Opening | Habit::Closing => Found::Gap(""),
        Habit::AfterColon(_) => Found::Gap(" "),
        Habit::Separator => Found::Gap(","),
        Habit::Quotes(Role::Digest | Role::Tag | Role::TypedTag) => Found::Quotes(Written::DoubleQuoted),
        Habit::Quotes(Role::Name) => Found::Quotes(Written::Plain),
        Habit::TagList => Found::Form(Form::OneLine),
        Habit::Dash | Habit::Below("dmap") => Found::Count(2),
        Habit::BlankLines => Found::Count(0),
        Habit::BeforeComment | Habit::Below(_) => return None,
    })
}
