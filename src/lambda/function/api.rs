//! The operations of functions, versions and aliases: AWS's JSON in and out.
//!
//! AWS: members from the API model (botocore 1.44.5, lambda 2015-03-31, read 2026-11-22). Texts of errors are
//! those of an emulator whose tests are validated against AWS (LocalStack), and so is the order of the checks.
//!
//! An answer has the members that the simulation knows; runtime, role, handler and the code's size are not there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use super::{Alias, Functions};
use crate::aws::{Answer, ApiError, Request};
use crate::lambda::rollout::Rollout;
use crate::rng::Rng;
use crate::scenario::problem::FunctionName;
use crate::scenario::{Qualifier, Routing, Version};
use crate::units::{Ratio, SimTime};

impl Functions {
    /// Answers a request that was checked against its table; `None` where the operation is not one of functions.
    /// What it does is told by [`Functions::take_effects`].
    pub fn answer(
        &mut self,
        now: SimTime,
        operation: &str,
        request: Request<'_>,
    ) -> Option<Result<Value, ApiError>> {
        Some(match operation {
            "CreateAlias" => self.create_alias(now, request),
            "DeleteAlias" => self.delete_alias(request),
            "DeleteFunction" => self.delete_function(request),
            "DeleteFunctionConcurrency" => self.delete_function_concurrency(request),
            "GetAlias" => self.get_alias(request),
            "GetFunction" => self.get_function(request),
            "GetFunctionConcurrency" => self.get_function_concurrency(request),
            "ListAliases" => self.list_aliases(request),
            "ListVersionsByFunction" => self.list_versions_by_function(request),
            "PublishVersion" => self.publish_version(now, request),
            "PutFunctionConcurrency" => self.put_function_concurrency(request),
            "UpdateAlias" => self.update_alias(now, request),
            "UpdateFunctionCode" => self.update_function_code(now, request),
            _ => return None,
        })
    }

    /// GetFunction.
    ///
    /// # Errors
    /// ResourceNotFound: the function, version or alias.
    fn get_function(&self, request: Request<'_>) -> Result<Value, ApiError> {
        let text = request.required("FunctionName");
        let function = self.find(text)?;
        let own = FunctionName::parse(text).and_then(|name| name.qualifier);
        let qualifier = request.text("Qualifier").or(own).unwrap_or_default();
        let version = self.qualified(function, qualifier)?;
        let configuration = self.configuration(function, version, qualifier);
        let answer = Answer::default().value("Configuration", configuration);
        let concurrency = self.concurrency(function);
        let reserved = concurrency.as_object().is_some_and(|members| !members.is_empty());
        Ok(if reserved { answer.value("Concurrency", concurrency) } else { answer }.done())
    }

    /// GetAlias.
    ///
    /// # Errors
    /// ResourceNotFound: the function or the alias.
    fn get_alias(&self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        let name = request.required("Name");
        match self.alias(function.into(), name) {
            Some(alias) => Ok(self.alias_configuration(function, alias)),
            None => Err(self.no_alias(function, name)),
        }
    }

    /// PublishVersion.
    ///
    /// Where `$LATEST` has nothing new, the next code is uploaded first; without a next code the answer is the
    /// last published version, as AWS answers to unchanged code.
    ///
    /// # Errors
    /// ResourceNotFound (the function), PreconditionFailed, InvalidParameterValue (the code's hash).
    fn publish_version(&mut self, now: SimTime, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        self.check_revision(request, self.list[usize::from(function)].revision)?;
        let current = self.code_sha256(function, self.code(function.into(), Version::Latest));
        if let Some(wanted) = request.text("CodeSha256").filter(|wanted| *wanted != current) {
            return Err(invalid_parameter(format!(
                "CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({current}). Please try \
                 again with the CodeSHA256 in $LATEST."
            )));
        }
        self.publish_next(now, function, request.text("Description").unwrap_or_default());
        Ok(self.last_published(function))
    }

    /// UpdateFunctionCode: `$LATEST` has the next of the scenario's code from now on. The package itself is not
    /// looked at.
    ///
    /// # Errors
    /// ResourceNotFound (the function), PreconditionFailed.
    fn update_function_code(&mut self, now: SimTime, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        self.check_revision(request, self.list[usize::from(function)].revision)?;
        if !request.flag("DryRun") {
            self.upload_next(now, function);
            if request.flag("Publish") {
                self.publish_next(now, function, "");
                return Ok(self.last_published(function));
            }
        }
        Ok(self.configuration(function, Version::Latest, ""))
    }

    /// CreateAlias.
    ///
    /// # Errors
    /// ResourceNotFound (the function, a version), ResourceConflict (the name is taken), and those of weights.
    fn create_alias(&mut self, now: SimTime, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        let version = self.version(function, request.required("FunctionVersion"))?;
        let name = request.required("Name");
        if self.alias(function.into(), name).is_some() {
            let arn = self.arn(self.name(function), name);
            let message = format!("Alias already exists: {arn}");
            return Err(ApiError::new("ResourceConflictException", message));
        }
        let additional = self.additional(function, version, request)?.flatten();
        let routing = Routing { version, additional };
        self.publish_for(now, function, routing);
        let alias = Alias {
            name: name.to_owned(),
            description: request.text("Description").unwrap_or_default().to_owned(),
            revision: self.next_revision(),
            rollout: Rollout::new(routing),
            deleted: false,
        };
        let aliases = &mut self.list[usize::from(function)].aliases;
        // One that was deleted comes back: what names it finds it again.
        let place = aliases.iter().position(|other| other.name == name);
        let place = place.unwrap_or(aliases.len());
        aliases.splice(place..aliases.len().min(place + 1), [alias]);
        let alias = place as u32;
        self.tell_alias(now, function, alias);
        Ok(self.alias_configuration(function, alias))
    }

    /// UpdateAlias: what the request leaves out stays, the weights too.
    ///
    /// # Errors
    /// ResourceNotFound (the function, the alias, a version), PreconditionFailed, and those of weights.
    fn update_alias(&mut self, now: SimTime, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        let name = request.required("Name");
        let Some(alias) = self.alias(function.into(), name) else {
            let arn = self.arn(self.name(function), name);
            return Err(ApiError::not_found(format!("Alias not found: {arn}")));
        };
        let Alias { revision, rollout, .. } = &self.list[usize::from(function)].aliases[alias as usize];
        self.check_revision(request, *revision)?;
        let before = rollout.routing();
        let version = match request.text("FunctionVersion") {
            Some(text) => self.version(function, text)?,
            None => before.version,
        };
        let additional = match self.additional(function, version, request)? {
            Some(additional) => additional,
            None => before.additional,
        };
        let routing = Routing { version, additional };
        routing.check().map_err(invalid_parameter)?;
        self.publish_for(now, function, routing);
        let revision = self.next_revision();
        let window = self.scenario.model.rollout;
        let own = &mut self.list[usize::from(function)].aliases[alias as usize];
        own.revision = revision;
        if let Some(description) = request.text("Description") {
            description.clone_into(&mut own.description);
        }
        if routing != before {
            own.rollout.move_to(now, window, routing);
            self.tell_alias(now, function, alias);
        }
        Ok(self.alias_configuration(function, alias))
    }

    /// The function that a name or an ARN, with a qualifier or not, stands for.
    pub(super) fn find(&self, text: &str) -> Result<u16, ApiError> {
        let Some(wanted) = FunctionName::parse(text) else { return Err(self.not_found(text, "")) };
        let here = (self.scenario.region.as_str(), self.scenario.account.as_str());
        let named = self.scenario.functions.iter().position(|config| config.name == wanted.name);
        let there = |&idx: &usize| !self.list[idx].deleted && wanted.place.is_none_or(|place| place == here);
        let found = named.filter(there);
        found.map(|idx| idx as u16).ok_or_else(|| self.not_found(wanted.name, ""))
    }

    /// The version that a qualifier stands for; empty is `$LATEST`.
    fn qualified(&self, function: u16, qualifier: &str) -> Result<Version, ApiError> {
        let text = if qualifier.is_empty() { "$LATEST" } else { qualifier };
        match self.qualifier(function.into(), text) {
            Some(Qualifier::Latest) => Ok(Version::Latest),
            Some(Qualifier::Version(idx)) => Ok(Version::Published(idx)),
            Some(Qualifier::Alias(alias)) => {
                let own = &self.list[usize::from(function)].aliases[alias as usize];
                Ok(own.rollout.routing().version)
            }
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Err(self.not_found(self.name(function), text))
            }
            None => Err(self.no_alias(function, text)),
        }
    }

    /// The version that an alias is to point to: a published one, or the one to be published next.
    fn version(&self, function: u16, text: &str) -> Result<Version, ApiError> {
        if text == "$LATEST" {
            return Ok(Version::Latest);
        }
        let codes = self.scenario.functions[usize::from(function)].versions.len() as u32;
        let most = codes.min(self.published(function.into()) + 1);
        let deleted = |number: u32| {
            let published = &self.list[usize::from(function)].published;
            published.get(number as usize - 1).is_some_and(|version| version.deleted)
        };
        let number = text.parse::<u32>().ok().filter(|number| (1..=most).contains(number));
        let number = number.filter(|&number| !deleted(number));
        let number = number.ok_or_else(|| self.not_found(self.name(function), text))?;
        Ok(Version::Published(number - 1))
    }

    /// The second version and its weight; `None` where the request leaves them as they are.
    #[expect(clippy::option_option, reason = "nothing said is not the same as no second version")]
    fn additional(
        &self,
        function: u16,
        version: Version,
        request: Request<'_>,
    ) -> Result<Option<Option<(u32, Ratio)>>, ApiError> {
        let Some(routing) = request.structure("RoutingConfig") else { return Ok(None) };
        let weights = routing.0.get("AdditionalVersionWeights").and_then(Value::as_object);
        let mut weights = weights.into_iter().flatten();
        let Some((key, value)) = weights.next() else { return Ok(Some(None)) };
        if weights.next().is_some() {
            let message = "Number of items in AdditionalVersionWeights cannot be greater than 1";
            return Err(invalid_parameter(message.into()));
        }
        let Some(weight) = weight(value) else { return Err(weight_error(key, value, VALUE_CONSTRAINT)) };
        let digits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Err(weight_error(key, value, KEY_CONSTRAINT));
        }
        let Version::Published(idx) = self.version(function, key)? else { return Ok(Some(None)) };
        let additional = Some((idx, weight));
        Routing { version, additional }.check().map_err(invalid_parameter)?;
        Ok(Some(additional))
    }

    fn check_revision(&self, request: Request<'_>, revision: u32) -> Result<(), ApiError> {
        match request.text("RevisionId") {
            Some(wanted) if wanted != self.revision_id(revision) => Err(ApiError::new(
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias \
                 API to retrieve the latest Revision Id"
                    .into(),
            )),
            Some(_) | None => Ok(()),
        }
    }

    fn no_alias(&self, function: u16, name: &str) -> ApiError {
        ApiError::not_found(format!("Cannot find alias arn: {}", self.arn(self.name(function), name)))
    }

    pub(super) fn name(&self, function: u16) -> &str {
        &self.scenario.functions[usize::from(function)].name
    }

    fn last_published(&self, function: u16) -> Value {
        let version = Version::Published(self.published(function.into()) - 1);
        self.configuration(function, version, &version.to_string())
    }

    /// FunctionConfiguration, with the ARN of this qualifier.
    pub(super) fn configuration(&self, function: u16, version: Version, qualifier: &str) -> Value {
        let config = &self.scenario.functions[usize::from(function)];
        let own = &self.list[usize::from(function)];
        let (description, at, revision) = match version {
            Version::Latest => ("", own.changed_at, own.revision),
            Version::Published(idx) => {
                let published = &own.published[idx as usize];
                (published.description.as_str(), published.at, published.revision)
            }
        };
        let modified = (self.scenario.start + at).to_string().replace('Z', "+0000");
        let code = self.code(function.into(), version);
        Answer::default()
            .text("FunctionName", &config.name)
            .text("FunctionArn", &self.arn(&config.name, qualifier))
            .text("Description", description)
            .integer("Timeout", config.timeout.0 / 1000)
            .integer("MemorySize", config.memory_mb.into())
            .text("LastModified", &modified)
            .text("CodeSha256", &self.code_sha256(function, code))
            .text("Version", &version.to_string())
            .text("RevisionId", &self.revision_id(revision))
            .text("State", "Active")
            .text("LastUpdateStatus", "Successful")
            .text("PackageType", "Zip")
            .done()
    }

    /// AliasConfiguration.
    pub(super) fn alias_configuration(&self, function: u16, alias: u32) -> Value {
        let own = &self.list[usize::from(function)].aliases[alias as usize];
        let routing = own.rollout.routing();
        let answer = Answer::default()
            .text("AliasArn", &self.arn(self.name(function), &own.name))
            .text("Name", &own.name)
            .text("FunctionVersion", &routing.version.to_string())
            .text("Description", &own.description);
        let answer = match routing.additional {
            Some(_) => {
                let weights = Answer::default().value("AdditionalVersionWeights", weights(routing));
                answer.value("RoutingConfig", weights.done())
            }
            None => answer,
        };
        answer.text("RevisionId", &self.revision_id(own.revision)).done()
    }

    /// An id of a revision, named by the seed: another one for each.
    fn revision_id(&self, revision: u32) -> String {
        Rng::stream(self.scenario.seed, "revision", revision.into()).uuid()
    }

    /// Stands for the hash of a package: another one for each code, the same for the same.
    fn code_sha256(&self, function: u16, code: u32) -> String {
        let mut rng = Rng::stream(self.scenario.seed, "code", u64::from(function) << 32 | u64::from(code));
        let bytes: Vec<u8> = (0..4).flat_map(|_| rng.next_u64().to_be_bytes()).collect();
        STANDARD.encode(bytes)
    }
}

/// `AdditionalVersionWeights` of a routing: at most one version, such as `{"2": 0.05}`.
#[must_use]
pub fn weights(routing: Routing) -> Value {
    let entry = |(idx, weight): (u32, Ratio)| {
        let weight = weight.numerator() as f64 / weight.denominator() as f64;
        Some((Version::Published(idx).to_string(), Value::Number(Number::from_f64(weight)?)))
    };
    Value::Object(routing.additional.and_then(entry).into_iter().collect::<Map<_, _>>())
}

/// A number of 0 to 1.
fn weight(value: &Value) -> Option<Ratio> {
    let weight = Ratio::parse_decimal(value.as_number()?.as_str())?;
    (weight.numerator() <= weight.denominator()).then_some(weight)
}

const VALUE_CONSTRAINT: &str = "Map value must satisfy constraint: [Member must have value less than or equal to \
                                1.0, Member must have value greater than or equal to 0.0, Member must not be null]";
const KEY_CONSTRAINT: &str = "Map keys must satisfy constraint: [Member must have length less than or equal to \
                              1024, Member must have length greater than or equal to 1, Member must satisfy \
                              regular expression pattern: [0-9]+, Member must not be null]";

fn weight_error(key: &str, value: &Value, constraint: &str) -> ApiError {
    ApiError::validation(format!(
        "1 validation error detected: Value '{{{key}={value}}}' at 'routingConfig.additionalVersionWeights' \
         failed to satisfy constraint: {constraint}"
    ))
}

pub(super) fn invalid_parameter(message: String) -> ApiError {
    ApiError::new("InvalidParameterValueException", message)
}
