//! Reading the compressed table.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::calls::event_key;
use super::{Action, Key, ResourceType, Service, Services};
use crate::value::Pattern;

/// Reads the table and that of CloudTrail's names. Lines that are not understood are left out: they may come from a later
/// script.
pub(super) fn services(packed: &[u8], names: &str) -> Services {
    let mut text = String::new();
    let unpacked = ZlibDecoder::new(packed).read_to_string(&mut text);
    debug_assert!(unpacked.is_ok(), "the table that the program is built with can be unpacked");
    let mut table = Services::default();
    let mut prefix = String::new();
    for line in text.lines().chain(names.lines()) {
        let parts: Vec<&str> = line.split('\t').collect();
        if let ["s", name, ..] = parts[..] {
            name.clone_into(&mut prefix);
        }
        read_line(&mut table, &prefix, &parts);
    }
    table
}

fn read_line(table: &mut Services, prefix: &str, parts: &[&str]) {
    match *parts {
        ["d", date] => date.clone_into(&mut table.date),
        ["g", key_type, name] => table.global_keys.push(key(key_type, name)),
        ["p", source, prefix] => drop(table.prefixes.insert(source.to_owned(), prefix.to_owned())),
        ["e", prefix, event, action] => drop(table.events.insert(event_key(prefix, event), action.to_owned())),
        ["n", source, event] => drop(table.free_events.insert(event_key(source, event))),
        ["s", name, ref rest @ ..] => {
            table.services.insert(name.to_owned(), Service { has_rcps: rest == ["r"], ..Service::default() });
        }
        _ => {
            if let Some(service) = table.services.get_mut(prefix) {
                read_part(service, parts);
            }
        }
    }
}

fn read_part(service: &mut Service, parts: &[&str]) {
    match *parts {
        ["k", key_type, name] => service.keys.push(key(key_type, name)),
        ["t", _, arn, keys] => {
            service.resource_types.push(ResourceType { arn: Pattern::new(arn, false), keys: numbers(keys) });
        }
        ["a", name, types, keys] => {
            let folded = name.to_lowercase();
            service.by_name.insert(folded.clone(), service.actions.len());
            let action = Action { name: name.to_owned(), folded, resource_types: numbers(types), keys: numbers(keys) };
            service.actions.push(action);
        }
        _ => {}
    }
}

fn key(key_type: &str, name: &str) -> Key {
    let is_list = key_type.chars().all(|letter| letter.is_ascii_lowercase());
    Key { name: name.to_owned(), pattern: Pattern::in_lower_case(name), is_list }
}

fn numbers(list: &str) -> Vec<usize> {
    list.split(',').filter_map(|number| number.parse().ok()).collect()
}
