use super::*;
use crate::units::{Ratio, WallTime};

/// An alarm on the sum of a minute's records above 0.
pub(in crate::cloudwatch) fn definition(to_alarm: Option<u32>, periods: u32) -> Definition {
    Definition {
        alarm_name: "scale".to_owned(),
        alarm_description: None,
        actions_enabled: true,
        ok_actions: Vec::new(),
        alarm_actions: vec!["arn:aws:sns:us-east-1:123456789012:scale".to_owned()],
        insufficient_data_actions: Vec::new(),
        metric_name: "IncomingRecords".to_owned(),
        namespace: "AWS/Kinesis".to_owned(),
        statistic: Statistic::Sum,
        dimensions: vec![Dimension { name: "StreamName".to_owned(), value: "s".to_owned() }],
        period: 60,
        unit: None,
        evaluation_periods: periods,
        datapoints_to_alarm: to_alarm,
        threshold: Threshold::whole(0),
        comparison_operator: Comparison::GreaterThanThreshold,
        treat_missing_data: TreatMissingData::Missing,
    }
}

/// Periods from 2020-01-14T06:24 on, one letter each, oldest first: `0` is within the threshold, `1` above it,
/// `-` missing.
fn periods(letters: &str) -> Vec<Option<Datapoint>> {
    let begin = WallTime::parse("2020-01-14T06:24:00Z").unwrap().0;
    let point = |(minute, letter)| {
        let value = match letter {
            '0' => 0,
            '1' => 1,
            '-' => return None,
            other => panic!("{other} is no period"),
        };
        Some(Datapoint { at: WallTime(begin + minute * 60_000), value: Ratio::whole(value) })
    };
    (0u64..).zip(letters.chars()).map(point).collect()
}

/// M, N, the periods, and the state by treatment: missing, ignore, breaching, notBreaching. `o` OK, `A` ALARM,
/// `I` INSUFFICIENT_DATA, `=` the present state.
const CELLS: &[(u32, u32, &str, &str)] = &[
    // AWS: the guide's first table.
    (3, 3, "0-1-1", "oooo"),
    (3, 3, "0----", "oooo"),
    (3, 3, "-----", "I=Ao"),
    (3, 3, "011-1", "AAAA"),
    (3, 3, "--1--", "A=Ao"),
    // AWS: its second table.
    (2, 3, "0-1-1", "AAAA"),
    (2, 3, "00101", "AAAA"),
    (2, 3, "0-1--", "ooAo"),
    (2, 3, "----0", "ooAo"),
    (2, 3, "---1-", "A=Ao"),
    // AWS: its text on premature transitions, and the edition of 2019.
    (3, 3, "----1", "I=Ao"),
    (3, 3, "---1-", "I=Ao"),
    (3, 3, "1----", "A=Ao"),
    (2, 3, "----1", "I=Ao"),
    // By the same rules: around the bounds.
    (2, 3, "-----", "I=Ao"),
    (2, 3, "---11", "AAAA"),
    (2, 3, "10000", "oooo"),
    (2, 3, "11000", "oooo"),
    (2, 3, "00110", "AAAA"),
    (2, 3, "011--", "AAAA"),
    (3, 3, "11--0", "oooo"),
    (3, 3, "1---1", "A=Ao"),
    (3, 3, "00111", "AAAA"),
    (3, 3, "11100", "oooo"),
    (1, 1, "---", "I=Ao"),
    (1, 1, "110", "oooo"),
    (1, 1, "001", "AAAA"),
    (1, 1, "1--", "AAAA"),
    (1, 1, "0--", "oooo"),
    (1, 3, "--1--", "AAAA"),
    (1, 3, "--0--", "ooAo"),
];

const TREATMENTS: [TreatMissingData; 4] = [
    TreatMissingData::Missing,
    TreatMissingData::Ignore,
    TreatMissingData::Breaching,
    TreatMissingData::NotBreaching,
];

#[test]
fn every_cell_of_the_guides_tables_from_every_state() {
    for &(to_alarm, n, letters, cells) in CELLS {
        for (treat, cell) in TREATMENTS.into_iter().zip(cells.chars()) {
            for &(from, _) in State::ALL {
                let mut alarm = Alarm::new(definition(Some(to_alarm), n), SimTime::ZERO);
                Rc::get_mut(&mut alarm.definition).unwrap().treat_missing_data = treat;
                alarm.state = from;
                let expect = match cell {
                    'o' => State::Ok,
                    'A' => State::Alarm,
                    'I' => State::InsufficientData,
                    _ => from,
                };
                let change = alarm.evaluate(&periods(letters));
                let found = change.as_ref().map_or(from, |change| change.to);
                assert_eq!(found, expect, "{to_alarm} of {n}, {letters}, {}", treat.name());
                assert_eq!(change.is_some(), found != from, "acts on a change only");
                assert_eq!(change.map_or(from, |change| change.from), from);
            }
        }
    }
}

#[test]
fn operators_have_their_bound() {
    #[track_caller]
    fn check(comparison: Comparison, below: bool, at: bool, above: bool) {
        let mut definition = definition(None, 1);
        definition.threshold = Threshold::parse("2.5").unwrap();
        definition.comparison_operator = comparison;
        let breaches = |tenths| {
            definition.breaches(&Datapoint { at: WallTime(0), value: Ratio::new(tenths, 10).unwrap() })
        };
        assert_eq!((breaches(24), breaches(25), breaches(26)), (below, at, above), "{}", comparison.name());
    }
    check(Comparison::GreaterThanThreshold, false, false, true);
    check(Comparison::GreaterThanOrEqualToThreshold, false, true, true);
    check(Comparison::LessThanThreshold, true, false, false);
    check(Comparison::LessThanOrEqualToThreshold, true, true, false);
}

#[track_caller]
fn check_reason(definition: &Definition, to: State, letters: &str, expect: &str) {
    assert_eq!(reason::text(definition, to, &periods(letters)), expect);
}

#[test]
fn reasons_with_datapoints_to_alarm_are_worded_like_those_observed() {
    let (ok, alarm) = (State::Ok, State::Alarm);
    let long = definition(Some(1), 1);
    check_reason(
        &long,
        alarm,
        "001",
        "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (14/01/20 06:26:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).",
    );
    check_reason(
        &long,
        ok,
        "110",
        "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (14/01/20 06:26:00)] was not greater than the threshold (0.0) (minimum 1 datapoint for ALARM -> OK transition).",
    );
    check_reason(
        &definition(Some(2), 2),
        alarm,
        "0011",
        "Threshold Crossed: 2 out of the last 2 datapoints [1.0 (14/01/20 06:27:00), 1.0 (14/01/20 06:26:00)] were greater than the threshold (0.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
    check_reason(
        &definition(Some(2), 2),
        ok,
        "1101",
        "Threshold Crossed: 1 out of the last 2 datapoints [0.0 (14/01/20 06:26:00)] was not greater than the threshold (0.0) (minimum 1 datapoint for ALARM -> OK transition).",
    );
    check_reason(
        &definition(Some(3), 3),
        alarm,
        "--1--",
        "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (14/01/20 06:26:00)] was greater than the threshold (0.0) (minimum 3 datapoints for OK -> ALARM transition).",
    );
    check_reason(
        &definition(Some(5), 5),
        alarm,
        "--11111",
        "Threshold Crossed: 5 out of the last 5 datapoints were greater than the threshold (0.0). The most recent datapoints which crossed the threshold: [1.0 (14/01/20 06:30:00), 1.0 (14/01/20 06:29:00), 1.0 (14/01/20 06:28:00), 1.0 (14/01/20 06:27:00), 1.0 (14/01/20 06:26:00)] (minimum 5 datapoints for OK -> ALARM transition).",
    );
    let mut filled = definition(Some(1), 20);
    filled.treat_missing_data = TreatMissingData::NotBreaching;
    filled.comparison_operator = Comparison::GreaterThanOrEqualToThreshold;
    filled.threshold = Threshold::whole(1);
    check_reason(
        &filled,
        alarm,
        "1",
        "Threshold Crossed: 1 out of the last 20 datapoints [1.0 (14/01/20 06:24:00)] was greater than or equal to the threshold (1.0) and 19 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
    );
}

#[test]
fn reasons_without_it_are_worded_like_those_observed() {
    let (ok, alarm, unknown) = (State::Ok, State::Alarm, State::InsufficientData);
    let mut short = definition(None, 1);
    check_reason(
        &short,
        alarm,
        "1",
        "Threshold Crossed: 1 datapoint [1.0 (14/01/20 06:24:00)] was greater than the threshold (0.0).",
    );
    check_reason(&short, unknown, "-", "Insufficient Data: 1 datapoint was unknown.");
    short.treat_missing_data = TreatMissingData::NotBreaching;
    check_reason(
        &short,
        ok,
        "-",
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    );
    let mut three = definition(None, 3);
    check_reason(&three, unknown, "---", "Insufficient Data: 3 datapoints were unknown.");
    check_reason(
        &three,
        ok,
        "000",
        "Threshold Crossed: 3 datapoints [0.0 (14/01/20 06:26:00), 0.0 (14/01/20 06:25:00), 0.0 (14/01/20 06:24:00)] were not greater than the threshold (0.0).",
    );
    three.treat_missing_data = TreatMissingData::Breaching;
    check_reason(
        &three,
        alarm,
        "--0--",
        "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    );
    let mut eight = definition(None, 8);
    eight.treat_missing_data = TreatMissingData::Breaching;
    eight.comparison_operator = Comparison::LessThanOrEqualToThreshold;
    check_reason(
        &eight,
        ok,
        "---1",
        "Threshold Crossed: 1 datapoint [1.0 (14/01/20 06:27:00)] was not less than or equal to the threshold (0.0) and 7 missing datapoints were treated as [Breaching].",
    );
}

#[test]
fn what_depends_on_several_fields_is_checked() {
    #[track_caller]
    fn check(period: u32, periods: u32, to_alarm: Option<u32>, expect: Result<(), Refusal>) {
        let definition = Definition { period, ..definition(to_alarm, periods) };
        assert_eq!(definition.check(), expect, "{period} s x {periods}, {to_alarm:?}");
    }
    check(60, 1440, Some(1440), Ok(()));
    check(60, 1441, None, Err(Refusal::LongerThanADay));
    check(3540, 25, None, Err(Refusal::LongerThanADay));
    check(3600, 168, None, Ok(()));
    check(3600, 169, None, Err(Refusal::LongerThanAWeek));
    check(60, 3, Some(4), Err(Refusal::DatapointsToAlarm));
    check(0, 1, None, Err(Refusal::Period));
    check(90, 1, None, Err(Refusal::Period));
    check(30, 1, None, Err(Refusal::HighResolution));
    assert!(
        Refusal::LongerThanADay
            .message()
            .ends_with("(EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600")
    );
}

#[test]
fn an_alarm_watches_the_metric_of_all_its_dimensions_and_its_unit() {
    let mut definition = definition(None, 1);
    assert_eq!((definition.metric(), definition.range()), (Some(Metric::IncomingRecords), 3));
    definition.unit = Some("Count".to_owned());
    assert_eq!(definition.metric(), Some(Metric::IncomingRecords));
    definition.unit = Some("Bytes".to_owned());
    assert_eq!(definition.metric(), None);
    definition.unit = None;
    definition.dimensions.clear();
    assert_eq!(definition.metric(), None);
}

#[test]
fn putting_an_alarm_again_changes_it_in_place_and_keeps_its_state() {
    let mut alarms = Alarms::default();
    let old = definition(None, 1);
    assert_eq!(alarms.put(old.clone(), SimTime(5)), Ok(0));
    assert_eq!(alarms.put(Definition { alarm_name: "other".to_owned(), ..old.clone() }, SimTime(6)), Ok(1));
    let change = alarms.all()[0].evaluate(&periods("--1")).unwrap();
    alarms.get_mut(0).apply(&change, SimTime(60));
    let new = Definition { threshold: Threshold::whole(96_000), actions_enabled: false, ..old.clone() };
    assert_eq!(alarms.put(new, SimTime(70)), Ok(0));
    let alarm = &alarms.all()[0];
    assert_eq!((alarm.state, alarm.state_since, alarm.configured), (State::Alarm, SimTime(60), SimTime(70)));
    assert_eq!((&*alarm.reason, alarm.definition.threshold), (&*change.reason, Threshold::whole(96_000)));
    assert_eq!(alarm.actions(State::Alarm), [""; 0]);
    assert_eq!(alarms.all()[1].actions(State::Alarm), old.alarm_actions);
    assert_eq!(alarms.all()[1].actions(State::Ok), [""; 0]);
    assert_eq!((alarms.all().len(), alarms.find("other"), alarms.find("scal")), (2, Some(1), None));
}

#[test]
fn there_is_a_last_alarm() {
    let mut alarms = Alarms::default();
    let named = |index: usize| Definition { alarm_name: index.to_string(), ..definition(None, 1) };
    (0..quota::ALARMS_MAX).for_each(|index| assert!(alarms.put(named(index), SimTime::ZERO).is_ok()));
    assert_eq!(alarms.put(named(quota::ALARMS_MAX), SimTime::ZERO), Err(LimitExceeded));
    assert_eq!(alarms.put(named(7), SimTime::ZERO), Ok(7));
}
