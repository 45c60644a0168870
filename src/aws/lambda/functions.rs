//! The operations of functions, versions and aliases, and what their requests may hold.
//!
//! AWS: botocore 1.44.5, `data/lambda/2015-03-31/service-2.json`, read 2026-11-22, members in its order.

use super::{FUNCTION_NAME, MARKER, MAX_ITEMS};
use crate::aws::{Member, Operation, Pattern, Shape};

const FUNCTION: Member = Member::required("FunctionName", FUNCTION_NAME);
const NAME: Member = Member::required("Name", Shape::String { pattern: Some(&ALIAS_NAME), min: 1, max: 128 });
const VERSION: Shape = Shape::String { pattern: Some(&VERSION_NAME), min: 1, max: 1024 };
const DESCRIPTION: Member = Member::optional("Description", Shape::text(0, 256));
/// Keys and weights are for the operation to check, which says of both what is wrong.
const ROUTING_CONFIG: Member = Member::optional(
    "RoutingConfig",
    Shape::Structure(&[Member::optional("AdditionalVersionWeights", Shape::Numbers)]),
);
const REVISION_ID: Member = Member::optional("RevisionId", Shape::TEXT);
const QUALIFIER_MEMBER: Member =
    Member::optional("Qualifier", Shape::String { pattern: Some(&QUALIFIER), min: 1, max: 128 });

/// An alias' name.
const ALIAS_NAME: Pattern = Pattern { text: "(?!^[0-9]+$)([a-zA-Z0-9-_]+)", matches: is_alias };
/// `$LATEST`, or a version's number.
const VERSION_NAME: Pattern = Pattern { text: r"(\$LATEST|[0-9]+)", matches: is_version };
/// A version or an alias.
const QUALIFIER: Pattern = Pattern { text: "(|[a-zA-Z0-9$_-]+)", matches: is_qualifier };

/// CreateAlias.
pub(super) const CREATE_ALIAS: Operation = Operation {
    name: "CreateAlias",
    input: &[FUNCTION, NAME, Member::required("FunctionVersion", VERSION), DESCRIPTION, ROUTING_CONFIG],
    failures: &[],
};

/// DeleteAlias.
pub(super) const DELETE_ALIAS: Operation =
    Operation { name: "DeleteAlias", input: &[FUNCTION, NAME], failures: &[] };

/// DeleteFunction.
pub(super) const DELETE_FUNCTION: Operation =
    Operation { name: "DeleteFunction", input: &[FUNCTION, QUALIFIER_MEMBER], failures: &[] };

/// DeleteFunctionConcurrency.
pub(super) const DELETE_FUNCTION_CONCURRENCY: Operation =
    Operation { name: "DeleteFunctionConcurrency", input: &[FUNCTION], failures: &[] };

/// GetAlias.
pub(super) const GET_ALIAS: Operation =
    Operation { name: "GetAlias", input: &[FUNCTION, NAME], failures: &[] };

/// GetFunction.
pub(super) const GET_FUNCTION: Operation =
    Operation { name: "GetFunction", input: &[FUNCTION, QUALIFIER_MEMBER], failures: &[] };

/// GetFunctionConcurrency.
pub(super) const GET_FUNCTION_CONCURRENCY: Operation =
    Operation { name: "GetFunctionConcurrency", input: &[FUNCTION], failures: &[] };

/// ListAliases.
pub(super) const LIST_ALIASES: Operation = Operation {
    name: "ListAliases",
    input: &[FUNCTION, Member::optional("FunctionVersion", VERSION), MARKER, MAX_ITEMS],
    failures: &[],
};

/// ListVersionsByFunction.
pub(super) const LIST_VERSIONS_BY_FUNCTION: Operation =
    Operation { name: "ListVersionsByFunction", input: &[FUNCTION, MARKER, MAX_ITEMS], failures: &[] };

/// PublishVersion.
pub(super) const PUBLISH_VERSION: Operation = Operation {
    name: "PublishVersion",
    input: &[FUNCTION, Member::optional("CodeSha256", Shape::TEXT), DESCRIPTION, REVISION_ID],
    failures: &[],
};

/// PutFunctionConcurrency.
pub(super) const PUT_FUNCTION_CONCURRENCY: Operation = Operation {
    name: "PutFunctionConcurrency",
    input: &[
        FUNCTION,
        Member::required("ReservedConcurrentExecutions", Shape::Integer { min: 0, max: i32::MAX }),
    ],
    failures: &[],
};

/// UpdateAlias.
pub(super) const UPDATE_ALIAS: Operation = Operation {
    name: "UpdateAlias",
    input: &[
        FUNCTION,
        NAME,
        Member::optional("FunctionVersion", VERSION),
        DESCRIPTION,
        ROUTING_CONFIG,
        REVISION_ID,
    ],
    failures: &[],
};

/// UpdateFunctionCode.
pub(super) const UPDATE_FUNCTION_CODE: Operation = Operation {
    name: "UpdateFunctionCode",
    input: &[
        FUNCTION,
        // AWS: 50 MB, by the guide's "Lambda quotas"; the model has no bound.
        Member::optional("ZipFile", Shape::Blob { max: 50 << 20 }),
        Member::optional("S3Bucket", Shape::text(3, 63)),
        Member::optional("S3Key", Shape::text(1, 1024)),
        Member::optional("S3ObjectVersion", Shape::text(1, 1024)),
        Member::optional("ImageUri", Shape::TEXT),
        Member::optional("Publish", Shape::Boolean),
        Member::optional("DryRun", Shape::Boolean),
        REVISION_ID,
        Member::optional(
            "Architectures",
            Shape::List { of: &Shape::Enum(&["x86_64", "arm64"]), min: 1, max: 1, printed: "" },
        ),
    ],
    failures: &[],
};

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_alias(text: &str) -> bool {
    is_word(text) && !is_number(text)
}

fn is_version(text: &str) -> bool {
    text == "$LATEST" || is_number(text)
}

fn is_qualifier(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"$-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_they_say() {
        #[track_caller]
        fn check(matches: fn(&str) -> bool, right: &[&str], wrong: &[&str]) {
            assert!(right.iter().all(|text| matches(text)), "{right:?}");
            assert!(!wrong.iter().any(|text| matches(text)), "{wrong:?}");
        }
        check(ALIAS_NAME.matches, &["live", "a-b_1", "1a"], &["", "12", "a.b", "$LATEST", "ö"]);
        check(VERSION_NAME.matches, &["$LATEST", "0", "12"], &["", "LATEST", "1a", "-1"]);
        check(QUALIFIER.matches, &["", "$LATEST", "12", "live"], &["a.b", "a b"]);
    }
}
