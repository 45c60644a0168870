//! Reserved concurrency, as the API changes it.

use serde_json::Value;

use super::api::invalid_parameter;
use super::{Effect, Functions};
use crate::aws::{Answer, ApiError, Request};
use crate::quota;
use crate::scenario::problem::FunctionName;

impl Functions {
    /// PutFunctionConcurrency: the function's limit, and its alone, from now on.
    ///
    /// AWS: at least 100 executions of the account stay unreserved (API model); the refusal is observed, with the
    /// account's own limit in place of 100 where that is lower; 0 is always accepted (an emulator's note on AWS).
    /// Assumption: less than the present reservation is accepted too.
    ///
    /// # Errors
    /// ResourceNotFound (the function), InvalidParameterValue (a qualifier, too much).
    pub(super) fn put_function_concurrency(&mut self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.unqualified(request)?;
        let executions = request.integer("ReservedConcurrentExecutions").unwrap_or(0);
        let own = self.list[usize::from(function)].reserved.unwrap_or(0);
        let account = self.scenario.quotas.concurrent_executions;
        let reserved: u32 = self.list.iter().filter_map(|other| other.reserved).sum();
        let least = quota::UNRESERVED_EXECUTIONS_MIN.min(account);
        let after = (reserved - own).saturating_add(executions);
        if executions > own && account.saturating_sub(after) < least {
            return Err(invalid_parameter(format!(
                "Specified ReservedConcurrentExecutions for function decreases account's \
                 UnreservedConcurrentExecution below its minimum value of [{least}]."
            )));
        }
        self.reserve(function, Some(executions));
        Ok(self.concurrency(function))
    }

    /// GetFunctionConcurrency.
    ///
    /// # Errors
    /// ResourceNotFound (the function).
    pub(super) fn get_function_concurrency(&self, request: Request<'_>) -> Result<Value, ApiError> {
        Ok(self.concurrency(self.find(request.required("FunctionName"))?))
    }

    /// DeleteFunctionConcurrency: the function shares what the account has unreserved.
    ///
    /// # Errors
    /// ResourceNotFound (the function), InvalidParameterValue (a qualifier).
    pub(super) fn delete_function_concurrency(&mut self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.unqualified(request)?;
        self.reserve(function, None);
        Ok(Answer::default().done())
    }

    /// `ReservedConcurrentExecutions` of a function, by index; `None`: it shares what the account has unreserved.
    #[must_use]
    pub fn reserved(&self, function: u32) -> Option<u32> {
        self.list[function as usize].reserved
    }

    fn reserve(&mut self, function: u16, executions: Option<u32>) {
        self.list[usize::from(function)].reserved = executions;
        self.effects.push(Effect::Reserved { function, executions });
    }

    /// `ReservedConcurrentExecutions`, where there are any.
    pub(super) fn concurrency(&self, function: u16) -> Value {
        match self.list[usize::from(function)].reserved {
            Some(executions) => {
                Answer::default().integer("ReservedConcurrentExecutions", executions.into()).done()
            }
            None => Answer::default().done(),
        }
    }

    /// The function of a request, which must not name a version or an alias. Assumption: text.
    fn unqualified(&self, request: Request<'_>) -> Result<u16, ApiError> {
        let text = request.required("FunctionName");
        if FunctionName::parse(text).is_some_and(|name| name.qualifier.is_some()) {
            return Err(invalid_parameter(
                "This operation is permitted on Lambda functions only. Aliases and versions do not support this \
                 operation. Please specify either a function name or an unqualified function ARN."
                    .to_owned(),
            ));
        }
        self.find(text)
    }
}
