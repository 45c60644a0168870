//! Aliases, versions and functions that are deleted.
//!
//! AWS: event source mappings stay. Assumption: what they name cannot be invoked then; like a throttled invocation
//! it is tried again, with the back-off of those, until the records expire or the name is there again. Invocations
//! that run end as if nothing had happened.

use serde_json::Value;

use super::api::invalid_parameter;
use super::{Effect, Functions, Routing};
use crate::aws::{Answer, ApiError, Request};
use crate::scenario::Version;
use crate::scenario::problem::FunctionName;

impl Functions {
    /// DeleteAlias. Assumption: there need be no such alias, as with versions.
    ///
    /// # Errors
    /// ResourceNotFound (the function).
    pub(super) fn delete_alias(&mut self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        if let Some(alias) = self.alias(function.into(), request.required("Name")) {
            self.list[usize::from(function)].aliases[alias as usize].deleted = true;
        }
        Ok(Answer::default().done())
    }

    /// DeleteFunction: with a qualifier one version, otherwise all of it.
    ///
    /// AWS: texts, and that a version need not be there, measured on AWS by another project (floci, 2026).
    ///
    /// # Errors
    /// ResourceNotFound (the function), InvalidParameterValue (`$LATEST`, an alias), ResourceConflict (an alias
    /// names the version).
    pub(super) fn delete_function(&mut self, request: Request<'_>) -> Result<Value, ApiError> {
        let text = request.required("FunctionName");
        let own = FunctionName::parse(text).and_then(|name| name.qualifier);
        let qualifier = request.text("Qualifier").or(own);
        let function = self.find(text)?;
        match qualifier {
            Some(version) => self.delete_version(function, version)?,
            None => self.delete_all(function),
        }
        Ok(Answer::default().done())
    }

    fn delete_version(&mut self, function: u16, text: &str) -> Result<(), ApiError> {
        if text == "$LATEST" {
            let message = "$LATEST version cannot be deleted without deleting the function.";
            return Err(invalid_parameter(message.to_owned()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid_parameter("Deletion of aliases is not currently supported.".to_owned()));
        }
        let own = &mut self.list[usize::from(function)];
        let idx = text.parse::<u32>().ok().and_then(|number| number.checked_sub(1));
        let idx = idx.filter(|&idx| (idx as usize) < own.published.len());
        let Some(idx) = idx else { return Ok(()) };
        let names = |Routing { version, additional }: Routing| {
            version == Version::Published(idx) || additional.is_some_and(|(second, _)| second == idx)
        };
        let referring = own.aliases.iter().filter(|alias| !alias.deleted && names(alias.rollout.routing()));
        let referring: Vec<&str> = referring.map(|alias| alias.name.as_str()).collect();
        if !referring.is_empty() {
            let list = referring.join(", ");
            return Err(ApiError::new(
                "ResourceConflictException",
                format!("Unable to delete version because the following aliases reference it: [{list}]"),
            ));
        }
        own.published[idx as usize].deleted = true;
        Ok(())
    }

    fn delete_all(&mut self, function: u16) {
        let own = &mut self.list[usize::from(function)];
        own.deleted = true;
        if own.reserved.take().is_some() {
            self.effects.push(Effect::Reserved { function, executions: None });
        }
    }
}
