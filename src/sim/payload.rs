//! The events that functions receive, made on demand.

use super::Simulation;
use crate::lambda::event::{EventRecord, LambdaEvent, Origin, TumblingWindow};
use crate::scenario::MappingConfig;

impl Simulation {
    /// The event that an invocation received.
    #[must_use]
    pub fn payload(&self, invocation: u32) -> LambdaEvent {
        self.payload_of(invocation, self.batch(invocation))
    }

    /// The event that an invocation received, with only these of its records.
    #[must_use]
    pub fn payload_of(&self, invocation: u32, records: impl Iterator<Item = u32>) -> LambdaEvent {
        let config = self.config_of(&self.invocations().get(invocation));
        self.event(config, records, self.window_of(invocation))
    }

    /// The event of these records, as a mapping hands them to its function.
    ///
    /// Assumption: the execution role has the function's name, since a scenario has no roles.
    #[must_use]
    pub fn event_of(&self, mapping: u16, records: impl Iterator<Item = u32>) -> LambdaEvent {
        self.event(self.mapping(mapping).config(), records, None)
    }

    fn event(
        &self,
        config: &MappingConfig,
        records: impl Iterator<Item = u32>,
        window: Option<TumblingWindow>,
    ) -> LambdaEvent {
        let function = &self.scenario().functions[config.function_idx as usize].name;
        let role_arn = format!("arn:aws:iam::{}:role/{function}", self.kinesis().account);
        let origin = Origin {
            source_arn: &config.event_source_arn,
            role_arn: &role_arn,
            region: &self.kinesis().region,
        };
        LambdaEvent::new(origin, records.map(|record| self.event_record(record)), window)
    }

    fn event_record(&self, record: u32) -> EventRecord {
        let stored = self.stream().records.get(record);
        EventRecord {
            shard: stored.shard,
            partition_key: self.stream().keys.text(stored.key),
            sequence_number: self.sequence_number(record),
            data: self.data(record),
            arrival: self.scenario().start + stored.arrival(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    #[test]
    fn an_invocation_s_event_holds_its_records() {
        let scenario = json!({"version": 1, "id": "event", "stream": {"StreamName": "s"},
            "start": "2020-01-14T06:23:03.100Z",
            "producers": [{"type": "records", "records": [
                {"at": 50, "PartitionKey": "a", "Data": "x-{n}"}, {"at": 60, "PartitionKey": "b", "DataBase64": "/wA="}]}],
            "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]});
        let mut sim = Simulation::new(Scenario::from_json(&scenario.to_string()).unwrap());
        sim.run_until(SimTime(5000));
        let event: Value = serde_json::from_str(&sim.payload(0).to_json()).unwrap();
        let sequence_number = sim.sequence_number(1);
        assert_eq!(event["Records"].as_array().unwrap().len(), 2);
        assert_eq!(event["Records"][0]["kinesis"]["data"], "eC0x");
        assert_eq!(
            event["Records"][1],
            json!({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "b",
                    "sequenceNumber": sequence_number, "data": "/wA=",
                    "approximateArrivalTimestamp": 1_578_982_983.16},
                "eventSource": "aws:kinesis", "eventVersion": "1.0",
                "eventID": format!("shardId-000000000000:{sequence_number}"), "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/f", "awsRegion": "us-east-1",
                "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s"})
        );
    }
}
