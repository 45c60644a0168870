//! The lines of log streams, as CloudWatch Logs shows them: made on demand from the invocations, never stored.
//!
//! AWS: an environment has a log stream, and each invocation writes START, what the handler writes, END and REPORT
//! (Lambda developer guide, "Using CloudWatch Logs with Lambda"). The line of a time-out or a crash comes after
//! REPORT, as in recorded streams of article A's time.
//!
//! Assumption: what the handler writes is the function's `log`; the runtime writes an exception's line as Python's
//! does. `Max Memory Used` is left out of REPORT, since memory is not simulated, and so is `INIT_START`.

use super::Simulation;
use super::invocation::Invocation;
use crate::kinesis::stream::NONE;
use crate::lambda::retry::Outcome;
use crate::rng::Rng;
use crate::scenario::FunctionConfig;
use crate::units::{SimDuration, SimTime};

/// A line of a log stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written.
    pub at: SimTime,
    /// Its text, tabs included.
    pub text: String,
}

impl Simulation {
    /// The name of an environment's log stream.
    #[must_use]
    pub fn log_stream_name(&self, environment: u32) -> String {
        let opened = self.environments()[environment as usize];
        let day = (self.scenario().start + opened.opened_at).to_string()[..10].replace('-', "/");
        let id = Rng::stream(self.scenario().seed, "log stream", environment.into()).hex();
        format!("{day}/[{}]{id}", opened.function_version())
    }

    /// The lines of an environment's log stream so far, in order.
    pub fn log_stream(&self, environment: u32) -> impl Iterator<Item = LogLine> + '_ {
        let all = 0..self.invocations().len();
        let own = all.filter(move |&idx| self.invocations().get(idx).environment == environment);
        own.flat_map(|idx| self.log_lines(idx))
    }

    /// The lines that an invocation has written so far, in order; none of a throttled one.
    #[must_use]
    pub fn log_lines(&self, idx: u32) -> Vec<LogLine> {
        let invocation = self.invocations().get(idx);
        let at = invocation.handler_at();
        if invocation.environment == NONE || at > self.now() {
            return Vec::new();
        }
        let (request_id, version) = (self.request_id(idx), invocation.function_version());
        let mut lines =
            vec![LogLine { at, text: format!("START RequestId: {request_id} Version: {version}") }];
        self.push_handler_lines(&invocation, &mut lines);
        let Some((outcome, duration)) = invocation.outcome() else { return lines };
        let at = at + duration;
        let mut push = |text| lines.push(LogLine { at, text });
        let message = self.error_message(idx).unwrap_or_default();
        if outcome == Outcome::Error {
            push(format!("[ERROR] {message}"));
        }
        push(format!("END RequestId: {request_id}"));
        push(self.report(&invocation, &request_id, duration));
        match outcome {
            Outcome::Timeout => push(message),
            Outcome::Crash => {
                push(message);
                push("Runtime.ExitError".into());
            }
            Outcome::Ok | Outcome::Error | Outcome::Partial | Outcome::Throttled => {}
        }
        lines
    }

    /// What the handler writes: a line at its start, one after each record that succeeds or is reported, one after
    /// the record that makes it fail.
    fn push_handler_lines(&self, invocation: &Invocation, lines: &mut Vec<LogLine>) {
        let function = self.function_run_by(invocation);
        let per_record = function.versions[invocation.version as usize].handler.per_record();
        let started = invocation.handler_at();
        let worked = |records: u32| started + SimDuration(per_record.0 * u64::from(records));
        let mut push = |at, template: &Option<String>, position: Option<u32>| {
            let Some(template) = template else { return };
            let record = position.map(|position| self.record_of(invocation, position));
            let text = match record {
                Some(record) => template.replace("{sequenceNumber}", &self.sequence_number(record)),
                None => template.replace("{count}", &invocation.count.to_string()),
            };
            lines.push(LogLine { at, text });
        };
        push(started, &function.log.start, None);
        for position in 0..invocation.rows {
            let wrote = self.wrote(invocation, position);
            let template = if wrote { &function.log.success } else { &function.log.failure };
            push(worked(position + 1), template, Some(position));
        }
        if let Some(position) = invocation.failed_at()
            && let Some((Outcome::Error | Outcome::Crash, duration)) = invocation.outcome()
        {
            push(started + duration, &function.log.failure, Some(position));
        }
    }

    /// AWS: "Duration" is the handler's time, "Init Duration" that of a cold start, which is not billed.
    fn report(&self, invocation: &Invocation, request_id: &str, duration: SimDuration) -> String {
        let function = self.function_run_by(invocation);
        let mut text = format!(
            "REPORT RequestId: {request_id}\tDuration: {ms}.00 ms\tBilled Duration: {ms} ms\tMemory Size: {} MB\t",
            function.memory_mb,
            ms = duration.0
        );
        if invocation.cold_start {
            let lead = invocation.handler_at() - invocation.started_at();
            let init = lead.0 - self.scenario().model.invoke_overhead.0;
            text.push_str(&format!("Init Duration: {init}.00 ms\t"));
        }
        text
    }

    fn function_run_by(&self, invocation: &Invocation) -> &FunctionConfig {
        &self.scenario().functions[self.function_of(invocation) as usize]
    }
}
