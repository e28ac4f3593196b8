//! The longest rising subsequence: what can stay when a list is put in another order.

/// Places of the items of a longest part that rises strictly by `key`, in their order.
pub(crate) fn longest_rising<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> Vec<usize> {
    // For each length, the place of the lowest item that ends a part of that length; and for each item, the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let length = ends.partition_point(|end| key(&items[*end]) < key(item));
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut rising = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(place) = next {
        rising.push(place);
        next = previous[place];
    }
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_part_rises() {
        for (items, places) in
            [(&[][..], &[][..]), (&[1], &[0]), (&[3, 2, 1], &[2]), (&[2, 0, 1, 3], &[1, 2, 3]), (&[0, 4, 1, 5, 2, 3], &[0, 2, 4, 5])]
        {
            assert_eq!(longest_rising(items, |item: &i32| *item), places, "{items:?}");
        }
    }
}
