//! The Lambda of one account and region: its event source mappings, as the API changes them.
//!
//! A call changes a mapping's settings and state at once; what follows later, such as that a mapping that is being
//! enabled is Enabled, happens when [`Lambda::settle`] is called. What states have changed is told by
//! [`Lambda::take_changes`]. Settings are checked before they get here.
//!
//! AWS: states by botocore 1.43.11; that creating, enabling and deleting lead over their own states, and disabling
//! and updates likewise, is recorded. Assumption: while a mapping is between two states, changes are refused.

use std::rc::Rc;

use super::error;
use super::function::Functions;
use super::retry::Outcome;
use crate::aws::ApiError;
use crate::quota;
use crate::scenario::{MappingConfig, Qualifier, Scenario};
use crate::units::SimTime;

/// State of an event source mapping, by AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingState {
    /// From its creation to its activation.
    Creating = 0,
    /// Polls and invokes.
    Enabled = 1,
    /// Neither polls nor invokes.
    Disabled = 2,
    /// From being enabled to its activation.
    Enabling = 3,
    /// Works on for a while.
    Disabling = 4,
    /// Works under its settings from before.
    Updating = 5,
    /// Works on for a while.
    Deleting = 6,
    /// Gone: the API does not find it any more.
    Deleted = 7,
}

impl MappingState {
    /// As AWS writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Creating => "Creating",
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::Enabling => "Enabling",
            Self::Disabling => "Disabling",
            Self::Updating => "Updating",
            Self::Deleting => "Deleting",
            Self::Deleted => "Deleted",
        }
    }

    /// Whether another state follows by itself.
    #[must_use]
    pub fn is_transient(self) -> bool {
        match self {
            Self::Creating | Self::Enabling | Self::Disabling | Self::Updating | Self::Deleting => true,
            Self::Enabled | Self::Disabled | Self::Deleted => false,
        }
    }
}

/// `LastProcessingResult`: how the last invocation of a mapping ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessingResult {
    /// There was none.
    #[default]
    None,
    /// Well.
    Ok,
    /// It failed.
    Failed,
}

impl ProcessingResult {
    /// What an invocation leaves that was not throttled.
    ///
    /// Assumptions: a report is no failed call, and a throttled try leaves what was there.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ok | Outcome::Partial => Self::Ok,
            Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Throttled => Self::Failed,
        }
    }

    /// As AWS writes it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "No records processed",
            Self::Ok => "OK",
            Self::Failed => "PROBLEM: Function call failed",
        }
    }
}

/// An event source mapping.
#[derive(Clone, Debug)]
pub struct EventSourceMapping {
    /// `UUID`.
    pub uuid: String,
    /// Its settings, which a mapping heeds when it is activated.
    pub config: MappingConfig,
    /// Its state.
    pub state: MappingState,
    /// `LastModified`.
    pub modified: SimTime,
    /// `LastProcessingResult`.
    pub result: ProcessingResult,
}

/// A mapping's state has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The mapping, by index.
    pub mapping: u16,
    /// Before; `None`: it was created.
    pub from: Option<MappingState>,
    /// After.
    pub to: MappingState,
}

/// Lambda in one account and region.
#[derive(Clone, Debug)]
pub struct Lambda {
    scenario: Rc<Scenario>,
    /// All mappings, deleted ones included; the scenario's own are the first.
    pub mappings: Vec<EventSourceMapping>,
    /// The functions.
    pub functions: Functions,
    changes: Vec<StateChange>,
}

impl Lambda {
    /// The account of a scenario at t = 0; `uuid` makes the UUIDs of mappings, by index, that have none.
    #[must_use]
    pub fn new(scenario: &Rc<Scenario>, uuid: &dyn Fn(u16) -> String) -> Self {
        let mut lambda = Self {
            scenario: Rc::clone(scenario),
            mappings: Vec::new(),
            functions: Functions::new(scenario),
            changes: Vec::new(),
        };
        for (idx, config) in (0..).zip(&scenario.mappings) {
            let uuid = config.uuid.clone().unwrap_or_else(|| uuid(idx));
            lambda.add(SimTime::ZERO, uuid, config.clone());
        }
        lambda
    }

    /// The scenario whose functions the account has.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What states have changed since the last time.
    pub fn take_changes(&mut self) -> Vec<StateChange> {
        std::mem::take(&mut self.changes)
    }

    /// The mapping of this UUID, unless it is gone.
    ///
    /// # Errors
    /// ResourceNotFound.
    pub fn find(&self, uuid: &str) -> Result<u16, ApiError> {
        let is = |mapping: &EventSourceMapping| {
            mapping.uuid.eq_ignore_ascii_case(uuid) && mapping.state != MappingState::Deleted
        };
        let idx = self.mappings.iter().position(is).ok_or_else(error::no_such_resource)?;
        Ok(idx as u16)
    }

    /// CreateEventSourceMapping; gives the mapping's index.
    ///
    /// # Errors
    /// ResourceConflict (there is a mapping of this event source and function), LimitExceeded.
    pub fn create(&mut self, now: SimTime, uuid: String, config: MappingConfig) -> Result<u16, ApiError> {
        let same = |mapping: &&EventSourceMapping| {
            let MappingConfig { event_source_arn, function_idx, qualifier, .. } = &mapping.config;
            mapping.state != MappingState::Deleted
                && (event_source_arn, *function_idx, *qualifier)
                    == (&config.event_source_arn, config.function_idx, config.qualifier)
        };
        if let Some(existing) = self.mappings.iter().find(same) {
            let function = &self.scenario.functions[config.function_idx as usize].name;
            return Err(error::mapping_exists(&config.event_source_arn, function, &existing.uuid));
        }
        if self.mappings.len() >= quota::MAPPINGS_MAX {
            let text = format!("A run creates at most {} event source mappings.", quota::MAPPINGS_MAX);
            return Err(ApiError::limit_exceeded(text));
        }
        Ok(self.add(now, uuid, config))
    }

    fn add(&mut self, now: SimTime, uuid: String, config: MappingConfig) -> u16 {
        let idx = self.mappings.len() as u16;
        let state = MappingState::Creating;
        let result = ProcessingResult::default();
        self.mappings.push(EventSourceMapping { uuid, config, state, modified: now, result });
        self.changes.push(StateChange { mapping: idx, from: None, to: state });
        idx
    }

    /// UpdateEventSourceMapping: the mapping's settings from its next activation on.
    ///
    /// # Errors
    /// ResourceInUse (the mapping is between two states).
    pub fn update(&mut self, now: SimTime, idx: u16, config: MappingConfig) -> Result<(), ApiError> {
        self.check_settled(idx, "update")?;
        let mapping = &mut self.mappings[usize::from(idx)];
        let to = match (mapping.state == MappingState::Enabled, config.enabled) {
            (true, false) => MappingState::Disabling,
            (false, true) => MappingState::Enabling,
            (true, true) | (false, false) => MappingState::Updating,
        };
        mapping.config = config;
        mapping.modified = now;
        self.set_state(idx, to);
        Ok(())
    }

    /// DeleteEventSourceMapping.
    ///
    /// # Errors
    /// ResourceInUse (the mapping is between two states).
    pub fn delete(&mut self, now: SimTime, idx: u16) -> Result<(), ApiError> {
        self.check_settled(idx, "delete")?;
        self.mappings[usize::from(idx)].modified = now;
        self.set_state(idx, MappingState::Deleting);
        Ok(())
    }

    fn check_settled(&self, idx: u16, verb: &str) -> Result<(), ApiError> {
        if self.mappings[usize::from(idx)].state.is_transient() {
            return Err(error::mapping_in_use(verb));
        }
        Ok(())
    }

    /// The state that follows a mapping's own comes; nothing where none does.
    pub fn settle(&mut self, now: SimTime, idx: u16) {
        let mapping = &mut self.mappings[usize::from(idx)];
        let to = match mapping.state {
            MappingState::Creating
            | MappingState::Enabling
            | MappingState::Disabling
            | MappingState::Updating => {
                if mapping.config.enabled {
                    MappingState::Enabled
                } else {
                    MappingState::Disabled
                }
            }
            MappingState::Deleting => MappingState::Deleted,
            MappingState::Enabled | MappingState::Disabled | MappingState::Deleted => return,
        };
        mapping.modified = now;
        self.set_state(idx, to);
    }

    fn set_state(&mut self, idx: u16, to: MappingState) {
        let from = std::mem::replace(&mut self.mappings[usize::from(idx)].state, to);
        self.changes.push(StateChange { mapping: idx, from: Some(from), to });
    }

    /// The function, and which of its code, that a name in a request stands for.
    ///
    /// # Errors
    /// InvalidParameterValue (there is none).
    pub(super) fn function(&self, name: &str) -> Result<(u32, Qualifier), ApiError> {
        let scenario = self.scenario();
        let here = format!("{}:{}:", scenario.region, scenario.account);
        let local = name.strip_prefix("arn:aws:lambda:").unwrap_or(name);
        let local = local.strip_prefix(here.as_str()).unwrap_or(local);
        let local = local.strip_prefix(&format!("{}:function:", scenario.account)).unwrap_or(local);
        let local = local.strip_prefix("function:").unwrap_or(local);
        let (bare, tail) = local.split_once(':').map_or((local, None), |(bare, tail)| (bare, Some(tail)));
        let idx = scenario.functions.iter().position(|function| function.name == bare);
        let idx = idx.ok_or_else(error::no_such_function)?;
        let qualifier = self.functions.qualifier(idx as u32, tail.unwrap_or("$LATEST"));
        let there = |&qualifier: &Qualifier| self.functions.can_be_invoked(idx as u32, qualifier);
        let qualifier = qualifier.filter(there).ok_or_else(error::no_such_function)?;
        if scenario.functions[idx].may_scale(qualifier) {
            return Err(error::scales(bare));
        }
        Ok((idx as u32, qualifier))
    }

    /// `FunctionArn` of a mapping, with its qualifier.
    #[must_use]
    pub fn function_arn(&self, config: &MappingConfig) -> String {
        let Scenario { region, account, functions, .. } = self.scenario();
        let function = &functions[config.function_idx as usize];
        let arn = format!("arn:aws:lambda:{region}:{account}:function:{}", function.name);
        match config.qualifier {
            Qualifier::Latest => arn,
            Qualifier::Version(idx) => format!("{arn}:{}", idx + 1),
            Qualifier::Alias(idx) => {
                format!("{arn}:{}", self.functions.alias_name(config.function_idx, idx))
            }
        }
    }
}
