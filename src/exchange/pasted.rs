//! A stream that is pasted: what `describe-stream` or `list-shards` showed becomes the stream of a scenario, and all
//! else of the scenario stays.
//!
//! Several pages may stand one after the other, or in a list. A text that tells of no stream is left to the
//! scenario's reader.

use serde_json::{Deserializer, Map, Value, json};

use crate::kinesis::import::{
    ImportFault, ImportProblem, ImportedStream, export_shards, stream_from_document,
};
use crate::kinesis::{KeyTable, Stream};
use crate::quota;
use crate::scenario::Scenario;

/// What only an answer about a stream has at its top.
const TOPS: [&str; 3] = ["StreamDescription", "StreamDescriptionSummary", "Shards"];

/// The text of `scenario`, whose text is `scenario_text`, with the stream that the pasted text tells of; `None` where
/// that is no answer about a stream. Where the stream has another name, whatever named the old one names it.
///
/// # Errors
/// All problems of the answer. In one of several pages a path begins with the page's place, from 0: `$[1].Shards[0]`.
#[must_use]
pub fn with_stream(
    text: &str,
    scenario_text: &str,
    scenario: &Scenario,
) -> Option<Result<String, Vec<ImportProblem>>> {
    let pages = pages(text)?;
    let mut document: Value = serde_json::from_str(scenario_text).ok()?;
    Some(whole(&pages).and_then(|answer| {
        let imported = stream_from_document(&answer, scenario.start).map_err(|problems| {
            problems.into_iter().map(|problem| in_page(problem, &pages)).collect::<Vec<_>>()
        })?;
        put_stream(&mut document, scenario, imported);
        Ok(format!("{document:#}"))
    }))
}

/// The pages of an answer about a stream; `None` where the text is none.
fn pages(text: &str) -> Option<Vec<Value>> {
    if text.len() > quota::SCENARIO_BYTES_MAX {
        return None;
    }
    let values = Deserializer::from_str(text).into_iter().collect::<Result<Vec<Value>, _>>().ok()?;
    let pages = match <[Value; 1]>::try_from(values) {
        Ok([Value::Array(items)]) if items.first().is_some_and(is_page) => items,
        Ok(single) => single.into(),
        Err(several) => several,
    };
    let lists_shards = |value: &Value| {
        value.as_array().is_some_and(|list| list.iter().any(|each| each.get("ShardId").is_some()))
    };
    pages.first().is_some_and(|first| is_page(first) || lists_shards(first)).then_some(pages)
}

fn is_page(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| TOPS.iter().any(|top| fields.contains_key(*top)))
}

/// What stands around the shards of a page.
fn description(page: &Value) -> &Value {
    page.get("StreamDescription").unwrap_or(page)
}

/// The shards of a page.
fn shards(page: &Value) -> Option<&Vec<Value>> {
    description(page).get("Shards").unwrap_or(page).as_array()
}

/// All pages as one answer. Only its last page can say that there is more.
fn whole(pages: &[Value]) -> Result<Value, Vec<ImportProblem>> {
    if let [page] = pages {
        return Ok(page.clone());
    }
    let wrong = pages.iter().enumerate().filter(|(_, page)| shards(page).is_none());
    let problems: Vec<ImportProblem> = wrong
        .map(|(place, _)| ImportProblem { path: format!("$[{place}]"), fault: ImportFault::NoShards })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut fields = Map::new();
    for field in ["StreamName", "StreamModeDetails", "RetentionPeriodHours", "StreamCreationTimestamp"] {
        let found = pages.iter().find_map(|page| description(page).get(field));
        fields.extend(found.map(|value| (field.to_owned(), value.clone())));
    }
    for field in ["HasMoreShards", "NextToken"] {
        let last = pages.last().and_then(|page| description(page).get(field));
        fields.extend(last.map(|value| (field.to_owned(), value.clone())));
    }
    let all: Vec<Value> = pages.iter().filter_map(shards).flatten().cloned().collect();
    fields.insert("Shards".into(), all.into());
    Ok(Value::Object(fields))
}

/// A problem of the whole answer, at its place in its page.
fn in_page(problem: ImportProblem, pages: &[Value]) -> ImportProblem {
    let [_, _, ..] = pages else { return problem };
    let rest = problem.path.trim_start_matches('$').to_owned();
    let path = match rest.strip_prefix(".Shards[").and_then(|rest| rest.split_once(']')) {
        Some((place, rest)) => {
            let mut place: usize = place.parse().unwrap_or(0);
            let mut page = 0;
            while let Some(count) =
                pages.get(page).and_then(shards).map(Vec::len).filter(|&count| place >= count)
            {
                place -= count;
                page += 1;
            }
            format!("$[{page}].Shards[{place}]{rest}")
        }
        None if problem.fault == ImportFault::Incomplete => format!("$[{}]{rest}", pages.len() - 1),
        None => problem.path,
    };
    ImportProblem { path, ..problem }
}

/// Puts the stream in the place of the scenario's.
fn put_stream(document: &mut Value, scenario: &Scenario, imported: ImportedStream) {
    let before = scenario.stream.as_ref().map(|stream| stream.name.as_str());
    if let (Some(before), Some(name)) =
        (before, imported.name.as_deref().filter(|&name| before != Some(name)))
    {
        rename(document, before, name);
    }
    let mut fields = document["stream"].as_object().cloned().unwrap_or_default();
    fields.shift_remove("ShardCount");
    fields.extend(imported.name.clone().map(|name| ("StreamName".into(), name.into())));
    fields.extend(imported.retention_hours.map(|hours| ("RetentionPeriodHours".into(), hours.into())));
    let mode = imported.mode.map(|mode| json!({"StreamMode": mode.name()}));
    fields.extend(mode.map(|mode| ("StreamModeDetails".into(), mode)));
    let stream = Stream::import(imported, scenario.start, KeyTable::default());
    fields.insert("Shards".into(), export_shards(&stream).into());
    document["stream"] = fields.into();
}

/// Lets everything that names a stream name another one.
fn rename(value: &mut Value, before: &str, name: &str) {
    match value {
        Value::Object(fields) => {
            let dimension = fields.get("Name").is_some_and(|name| name == "StreamName");
            for (field, value) in fields {
                let names = field == "StreamName" || dimension && field == "Value";
                if names && value == before {
                    *value = name.into();
                } else if let Some(line) = value.as_str().filter(|_| field == "cli") {
                    *value = renamed_line(line, before, name).into();
                } else {
                    rename(value, before, name);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, before, name)),
        Value::String(text) => {
            if let Some(stem) = text.strip_suffix(before).filter(|stem| stem.ends_with(":stream/")) {
                *text = [stem, name].concat();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A command line for another stream: its options for a stream's name and ARN.
fn renamed_line(line: &str, before: &str, name: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for place in 0..words.len() {
        let named = place > 0 && words[place - 1] == "--stream-name";
        let word = &words[place];
        let stem = word.strip_suffix(before).filter(|stem| {
            stem.ends_with(":stream/") || *stem == "--stream-name=" || stem.is_empty() && named
        });
        if let Some(stem) = stem {
            words[place] = [stem, name].concat();
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SimTime;

    const SCENARIO: &str = include_str!("../../www/scenarios/hot-shard-split.json");

    fn pasted(text: &str) -> Option<Result<String, Vec<String>>> {
        let result = with_stream(text, SCENARIO, &Scenario::from_json(SCENARIO).unwrap())?;
        Some(result.map_err(|problems| problems.iter().map(ToString::to_string).collect()))
    }

    fn shard(number: u32, from: &str, to: &str) -> Value {
        json!({
            "ShardId": format!("shardId-{number:012}"),
            "HashKeyRange": {"StartingHashKey": from, "EndingHashKey": to},
            "SequenceNumberRange":
                {"StartingSequenceNumber": "49567765350424335901249109428910813132774667910635323426"},
        })
    }

    /// 2^127 and 2^128 - 1.
    const MIDDLE: &str = "170141183460469231731687303715884105728";
    const BELOW_MIDDLE: &str = "170141183460469231731687303715884105727";
    const LAST: &str = "340282366920938463463374607431768211455";

    #[test]
    fn a_scenario_gets_another_stream_and_keeps_the_rest() {
        let answer = json!({"StreamDescription": {
            "StreamName": "mine", "StreamARN": "arn:aws:kinesis:eu-west-1:1:stream/mine", "StreamStatus": "ACTIVE",
            "RetentionPeriodHours": 48, "HasMoreShards": false,
            "Shards": [shard(3, "0", BELOW_MIDDLE), shard(4, MIDDLE, LAST)],
        }});
        let text = pasted(&answer.to_string()).unwrap().unwrap();
        let scenario = Scenario::from_json(&text).unwrap();
        let stream = scenario.stream.as_ref().unwrap();
        assert_eq!((stream.name.as_str(), stream.retention.0), ("mine", 48 * 3_600_000));
        let (before, after): (Value, Value) =
            (serde_json::from_str(SCENARIO).unwrap(), serde_json::from_str(&text).unwrap());
        assert_eq!(after["stream"]["Shards"], answer["StreamDescription"]["Shards"]);
        assert_eq!(after["producers"], before["producers"]);
        let arn = &after["eventSourceMappings"][0]["EventSourceArn"];
        assert_eq!(arn, "arn:aws:kinesis:us-east-1:123456789012:stream/mine");
        assert_eq!(after["commands"][0]["request"]["StreamName"], "mine");
        let mut sim = crate::sim::Simulation::new(scenario);
        sim.run_until(SimTime(1000));
        assert_eq!(sim.stream().open_shards(), [3, 4]);
    }

    #[test]
    fn pages_are_put_together_and_problems_have_their_page() {
        let first = json!({"Shards": [shard(0, "0", BELOW_MIDDLE)], "NextToken": "more"});
        let second = json!({"Shards": [shard(1, MIDDLE, LAST)]});
        let both = format!("{first}\n{second}");
        let text = pasted(&both).unwrap().unwrap();
        assert_eq!(pasted(&json!([first, second]).to_string()), Some(Ok(text)));
        let more = "the listing is not complete: put all its pages together";
        let unfinished = vec![
            format!("$.NextToken: {more}"),
            format!("$.Shards: no open shard has the hash keys {MIDDLE} to {LAST}"),
        ];
        assert_eq!(pasted(&first.to_string()), Some(Err(unfinished)));
        assert_eq!(
            pasted(&format!("{second} {first}")),
            Some(Err(vec![
                format!("$[1].NextToken: {more}"),
                "$[1].Shards[0].ShardId: shards must stand in order of their ids".into(),
            ]))
        );
        let neither = "neither the answer of DescribeStream or ListShards nor a list of shards";
        assert_eq!(pasted(&format!("{first} 5")), Some(Err(vec![format!("$[1]: {neither}")])));
        assert_eq!(pasted(r#"{"StreamDescriptionSummary": {}}"#), Some(Err(vec![format!("$: {neither}")])));
    }

    #[test]
    fn what_tells_of_no_stream_is_left_alone() {
        for text in [SCENARIO, "", "{", "5", "[]", "[5]", r#"{"Shards": ["#] {
            assert_eq!(pasted(text), None, "{text}");
        }
    }

    #[test]
    fn lines_name_the_new_stream() {
        let line = "aws kinesis split-shard --stream-name foo --shard-to-split foo --stream-name=foo --stream-arn a:stream/foo";
        let expect = "aws kinesis split-shard --stream-name b --shard-to-split foo --stream-name=b --stream-arn a:stream/b";
        assert_eq!(renamed_line(line, "foo", "b"), expect);
    }
}
