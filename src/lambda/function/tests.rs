use serde_json::{Value, json};

use super::*;
use crate::aws::Request;
use crate::units::Ratio;

/// Three codes, of which the first is published, and an alias at it.
fn functions() -> Functions {
    let code = json!({"handler": {}});
    let document = json!({
        "version": 1, "id": "x", "start": "2020-11-02T06:29:12.400Z", "stream": {},
        "functions": [{
            "FunctionName": "f", "Timeout": 10, "versions": {"1": code, "2": code, "3": code},
            "alias": {"Name": "live", "FunctionVersion": "1"}
        }]
    });
    let scenario = Scenario::from_json(&document.to_string()).expect("a scenario");
    Functions::new(&Rc::new(scenario))
}

impl Functions {
    fn try_call(&mut self, t: u64, operation: &str, request: &Value) -> Result<Value, ApiError> {
        self.answer(SimTime(t), operation, Request(request)).expect("an operation of functions")
    }

    #[track_caller]
    fn call(&mut self, t: u64, operation: &str, request: &Value) -> Value {
        self.try_call(t, operation, request).expect("an answer")
    }

    #[track_caller]
    fn refuse(&mut self, operation: &str, request: &Value, type_name: &str, message: &str) {
        let error = self.try_call(0, operation, request).unwrap_err();
        assert_eq!((error.type_name, error.message.as_str()), (type_name, message), "{operation} {request}");
        assert_eq!(self.take_effects(), [], "{operation} {request}");
    }
}

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

#[test]
fn versions_are_published_one_after_the_other() {
    let mut functions = functions();
    let name = json!({"FunctionName": "f"});
    let latest = |functions: &mut Functions| {
        functions.call(0, "GetFunction", &name)["Configuration"]["CodeSha256"].clone()
    };
    let first = latest(&mut functions);
    // Uploaded but not published: `$LATEST` runs the second code, and there is no version 2.
    let uploaded = functions.call(5, "UpdateFunctionCode", &json!({"FunctionName": "f", "S3Key": "k"}));
    assert_eq!(uploaded["Version"], "$LATEST");
    assert_ne!(uploaded["CodeSha256"], first);
    assert_eq!((functions.code(0, Version::Latest), functions.published(0)), (1, 1));
    assert_eq!(functions.take_effects(), []);
    let second = functions.call(600, "PublishVersion", &json!({"FunctionName": ARN, "Description": "d"}));
    assert_eq!(
        [&second["Version"], &second["FunctionArn"], &second["Description"], &second["LastModified"]],
        [&json!("2"), &json!(format!("{ARN}:2")), &json!("d"), &json!("2020-11-02T06:29:13.000+0000")]
    );
    assert_eq!(second["CodeSha256"], uploaded["CodeSha256"]);
    assert_eq!(functions.take_effects(), [Effect::VersionPublished { function: 0, version: 1 }]);
    // Nothing uploaded: the deploy's upload is part of it. Then there is no more code.
    let third = functions.call(700, "PublishVersion", &name);
    assert_eq!((&third["Version"], functions.code(0, Version::Latest)), (&json!("3"), 2));
    assert_eq!(functions.take_effects().len(), 1);
    assert_eq!(functions.call(800, "PublishVersion", &name), third);
    assert_eq!(functions.call(800, "UpdateFunctionCode", &name)["CodeSha256"], third["CodeSha256"]);
    assert_eq!(functions.take_effects(), []);
}

#[test]
fn code_is_uploaded_and_published_in_one_call_or_not_at_all() {
    let mut functions = functions();
    let dry = functions.call(0, "UpdateFunctionCode", &json!({"FunctionName": "f", "DryRun": true}));
    assert_eq!((&dry["Version"], functions.code(0, Version::Latest)), (&json!("$LATEST"), 0));
    let published = functions.call(0, "UpdateFunctionCode", &json!({"FunctionName": "f", "Publish": true}));
    assert_eq!((&published["Version"], functions.published(0)), (&json!("2"), 2));
    let hash = json!({"FunctionName": "f", "CodeSha256": published["CodeSha256"]});
    assert_eq!(functions.call(0, "PublishVersion", &hash)["Version"], "3");
    let current = functions.call(0, "GetFunction", &json!({"FunctionName": "f:3"}));
    let (old, current) = (published["CodeSha256"].as_str().unwrap(), &current["Configuration"]["CodeSha256"]);
    functions.take_effects();
    let message = format!(
        "CodeSHA256 ({old}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the \
         CodeSHA256 in $LATEST.",
        current.as_str().unwrap()
    );
    functions.refuse("PublishVersion", &hash, "InvalidParameterValueException", &message);
}

#[test]
fn an_alias_moves_and_its_weights_stay_unless_said() {
    let mut functions = functions();
    functions.call(0, "PublishVersion", &json!({"FunctionName": "f"}));
    functions.take_effects();
    let base = json!({"FunctionName": "f", "Name": "live"});
    let with = |field: &str, value: Value| {
        let mut request = base.clone();
        request[field] = value;
        request
    };
    let tenth = json!({"AdditionalVersionWeights": {"2": 0.1}});
    let answer = functions.call(0, "UpdateAlias", &with("RoutingConfig", tenth.clone()));
    assert_eq!((&answer["FunctionVersion"], &answer["RoutingConfig"]), (&json!("1"), &tenth));
    let weight = Ratio::parse_decimal("0.1").unwrap();
    let routing = Routing { version: Version::Published(0), additional: Some((1, weight)) };
    let change = AliasChange { at: SimTime(0), function: 0, alias: 0, name: "live".into(), routing };
    assert_eq!(functions.take_effects(), [Effect::AliasUpdated(change)]);
    let answer = functions.call(0, "UpdateAlias", &with("Description", json!("d")));
    assert_eq!([&answer["RoutingConfig"], &answer["Description"]], [&tenth, &json!("d")]);
    assert_eq!(functions.take_effects(), [], "a description moves nothing");
    // AWS: the weights stay, and the version that has one cannot become the first.
    let message =
        "Invalid function version 2. Function version 2 is already included in routing configuration.";
    let to_2 = with("FunctionVersion", json!("2"));
    functions.refuse("UpdateAlias", &to_2, "InvalidParameterValueException", message);
    let mut all = to_2;
    all["RoutingConfig"] = json!({"AdditionalVersionWeights": {}});
    let answer = functions.call(0, "UpdateAlias", &all);
    assert_eq!((&answer["FunctionVersion"], answer.get("RoutingConfig")), (&json!("2"), None));
    assert_eq!(functions.call(0, "GetAlias", &base), answer);
}

#[test]
fn an_alias_that_is_pointed_to_the_next_version_publishes_it() {
    let mut functions = functions();
    let request = json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "3"});
    functions.refuse(
        "UpdateAlias",
        &request,
        "ResourceNotFoundException",
        &format!("Function not found: {ARN}:3"),
    );
    let request = json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"});
    functions.call(0, "UpdateAlias", &request);
    let effects = functions.take_effects();
    assert_eq!(effects[0], Effect::VersionPublished { function: 0, version: 1 });
    assert!(matches!(&effects[1..], [Effect::AliasUpdated(_)]), "{effects:?}");
    let canary = json!({"AdditionalVersionWeights": {"3": 0.1}});
    let request =
        json!({"FunctionName": "f", "Name": "new", "FunctionVersion": "1", "RoutingConfig": canary});
    let answer = functions.call(0, "CreateAlias", &request);
    assert_eq!(answer["AliasArn"], format!("{ARN}:new"));
    assert_eq!((functions.published(0), functions.alias(0, "new")), (3, Some(1)));
    assert_eq!(functions.take_effects().len(), 2);
}

#[test]
fn refusals_are_in_aws_s_words() {
    let mut functions = functions();
    let (not_found, invalid) = ("ResourceNotFoundException", "InvalidParameterValueException");
    let other = format!("Function not found: {}", ARN.replace("function:f", "function:g"));
    for operation in ["GetFunction", "GetAlias", "PublishVersion", "UpdateFunctionCode", "CreateAlias"] {
        functions.refuse(operation, &json!({"FunctionName": "g", "Name": "live"}), not_found, &other);
    }
    let elsewhere = json!({"FunctionName": ARN.replace("us-east-1", "eu-west-1")});
    functions.refuse("GetFunction", &elsewhere, not_found, &format!("Function not found: {ARN}"));
    let at = |version: &str| json!({"FunctionName": format!("f:{version}")});
    functions.refuse("GetFunction", &at("2"), not_found, &format!("Function not found: {ARN}:2"));
    functions.refuse("GetFunction", &at("dev"), not_found, &format!("Cannot find alias arn: {ARN}:dev"));
    let dev = json!({"FunctionName": "f", "Name": "dev", "FunctionVersion": "1"});
    functions.refuse("GetAlias", &dev, not_found, &format!("Cannot find alias arn: {ARN}:dev"));
    functions.refuse("UpdateAlias", &dev, not_found, &format!("Alias not found: {ARN}:dev"));
    let live = json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "1"});
    let exists = format!("Alias already exists: {ARN}:live");
    functions.refuse("CreateAlias", &live, "ResourceConflictException", &exists);
    let stale = json!({"FunctionName": "f", "Name": "live", "RevisionId": "no"});
    let message = "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias \
                   API to retrieve the latest Revision Id";
    for operation in ["UpdateAlias", "PublishVersion", "UpdateFunctionCode"] {
        functions.refuse(operation, &stale, "PreconditionFailedException", message);
    }
    let mut weighted = |version: &str, weights: Value, type_name, message: &str| {
        let routing = json!({"AdditionalVersionWeights": weights});
        let request = json!({
            "FunctionName": "f", "Name": "live", "FunctionVersion": version, "RoutingConfig": routing
        });
        functions.refuse("UpdateAlias", &request, type_name, message);
    };
    let two = "Number of items in AdditionalVersionWeights cannot be greater than 1";
    weighted("1", json!({"2": 0.1, "3": 0.1}), invalid, two);
    let same = "Invalid function version 1. Function version 1 is already included in routing configuration.";
    weighted("1", json!({"1": 0.1}), invalid, same);
    let latest = "$LATEST is not supported for an alias pointing to more than 1 version";
    weighted("$LATEST", json!({"1": 0.1}), invalid, latest);
    weighted("1", json!({"3": 0.1}), not_found, &format!("Function not found: {ARN}:3"));
    let at = "at 'routingConfig.additionalVersionWeights' failed to satisfy constraint";
    for value in [json!(1.5), json!(-0.1)] {
        let message = format!(
            "1 validation error detected: Value '{{2={value}}}' {at}: Map value must satisfy constraint: [Member \
             must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, \
             Member must not be null]"
        );
        weighted("1", json!({"2": value}), "ValidationException", &message);
    }
    let message = format!(
        "1 validation error detected: Value '{{$LATEST=0.1}}' {at}: Map keys must satisfy constraint: [Member must \
         have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must \
         satisfy regular expression pattern: [0-9]+, Member must not be null]"
    );
    weighted("1", json!({"$LATEST": 0.1}), "ValidationException", &message);
}

#[test]
fn a_revision_id_is_that_of_the_last_change() {
    let mut functions = functions();
    let base = json!({"FunctionName": "f", "Name": "live"});
    let before = functions.call(0, "GetAlias", &base)["RevisionId"].clone();
    let request = json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2", "RevisionId": before});
    let after = functions.call(0, "UpdateAlias", &request)["RevisionId"].clone();
    assert_ne!(before, after);
    functions.take_effects();
    assert!(functions.try_call(0, "UpdateAlias", &request).is_err());
}

#[test]
fn versions_resolve_to_code() {
    let mut functions = functions();
    let draws = Draws { front_end: 0, weight: 0 };
    let resolve = |qualifier, t| functions.resolve(0, qualifier, SimTime(t), draws);
    let published = |idx| Resolved { version: Version::Published(idx), code: idx };
    assert_eq!(resolve(Qualifier::Alias(0), 0), published(0));
    assert_eq!(resolve(Qualifier::Version(0), 0), published(0));
    assert_eq!(resolve(Qualifier::Latest, 0), Resolved { version: Version::Latest, code: 0 });
    functions.call(10, "UpdateAlias", &json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"}));
    let resolve = |qualifier, t| functions.resolve(0, qualifier, SimTime(t), draws);
    assert_eq!(resolve(Qualifier::Alias(0), 10), published(0));
    assert_eq!(resolve(Qualifier::Alias(0), 11), published(1));
    assert_eq!(resolve(Qualifier::Latest, 10), Resolved { version: Version::Latest, code: 1 });
}
