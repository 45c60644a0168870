//! Lists of versions and aliases, in pages.

use serde_json::Value;

use super::Functions;
use crate::aws::{Answer, ApiError, Request};
use crate::lambda::error;
use crate::quota;
use crate::scenario::Version;

impl Functions {
    /// ListVersionsByFunction. AWS: `$LATEST` comes first, and ARNs have their version (measured); an emulator whose
    /// tests are validated against AWS leaves out the members on states.
    ///
    /// # Errors
    /// ResourceNotFound (the function), InvalidParameterValue (the marker).
    pub(super) fn list_versions_by_function(&self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        let published = (0..).zip(&self.list[usize::from(function)].published);
        let published = published.filter(|(_, version)| !version.deleted);
        let versions =
            std::iter::once(Version::Latest).chain(published.map(|(idx, _)| Version::Published(idx)));
        let item = |version: Version| {
            let name = version.to_string();
            let mut configuration = self.configuration(function, version, &name);
            if let Some(members) = configuration.as_object_mut() {
                members.retain(|member, _| !["State", "LastUpdateStatus"].contains(&member.as_str()));
            }
            (name, configuration)
        };
        let limit = request.integer("MaxItems").unwrap_or(quota::LIST_VERSIONS_MAX);
        page("Versions", versions.map(item).collect(), request, limit.min(quota::LIST_VERSIONS_MAX))
    }

    /// ListAliases, those with `FunctionVersion` as their first or second version if that is given.
    /// Assumption: in order of creation.
    ///
    /// # Errors
    /// ResourceNotFound (the function), InvalidParameterValue (the marker).
    pub(super) fn list_aliases(&self, request: Request<'_>) -> Result<Value, ApiError> {
        let function = self.find(request.required("FunctionName"))?;
        let wanted = request.text("FunctionVersion");
        let aliases = (0..).zip(&self.list[usize::from(function)].aliases).filter(|(_, alias)| {
            let routing = alias.rollout.routing();
            let second = routing.additional.map(|(idx, _)| Version::Published(idx));
            let runs =
                |text| routing.version.to_string() == text || second.is_some_and(|it| it.to_string() == text);
            !alias.deleted && wanted.is_none_or(runs)
        });
        let items = aliases.map(|(idx, alias)| (alias.name.clone(), self.alias_configuration(function, idx)));
        let limit = request.integer("MaxItems").unwrap_or(quota::LIST_ALIASES_DEFAULT);
        page("Aliases", items.collect(), request, limit)
    }
}

/// A page of items that have a name each. Assumption: a marker is the name of the next page's first item.
fn page(
    list: &str,
    items: Vec<(String, Value)>,
    request: Request<'_>,
    limit: u32,
) -> Result<Value, ApiError> {
    let first = match request.text("Marker").filter(|marker| !marker.is_empty()) {
        Some(marker) => {
            items.iter().position(|(name, _)| name == marker).ok_or_else(error::invalid_marker)?
        }
        None => 0,
    };
    let next = items.get(first + limit as usize).map(|(name, _)| name.clone());
    let page = items.into_iter().skip(first).take(limit as usize).map(|(_, item)| item).collect();
    Ok(Answer::default().optional_text("NextMarker", next.as_deref()).list(list, page).done())
}
