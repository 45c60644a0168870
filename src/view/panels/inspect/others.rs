//! What can be looked at although records do not pass through it: a list to choose from.

use super::name;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::explain::exists;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Objects of one kind listed, at most: the latest environments, the first of all else.
const EACH_MAX: u32 = 24;

/// Objects of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they are.
    pub heading: MessageId,
    /// The objects with their names.
    pub objects: Vec<(Object, String)>,
    /// How many more there are.
    pub more: u32,
}

/// The groups that have objects.
#[must_use]
pub fn of(sim: &Simulation, lang: Lang) -> Vec<Group> {
    let functions = sim.scenario().functions.len() as u32;
    let aliases = (0..functions).flat_map(|function| {
        let aliases = 0..sim.functions().aliases(function);
        aliases.map(move |alias| Resource::Alias { function: function as u16, alias: alias as u16 })
    });
    let mappings = sim.mappings().len() as u32;
    let environments = sim.environments().len() as u32;
    let resource = |list: Vec<Resource>| -> Vec<Object> { list.into_iter().map(Object::Resource).collect() };
    let groups: Vec<(MessageId, Vec<Object>)> = vec![
        (MessageId::SectionStream, resource(vec![Resource::Stream])),
        (
            MessageId::SectionProducers,
            resource(
                (0..sim.scenario().producers.len() as u32).map(|idx| Resource::Producer(idx as u8)).collect(),
            ),
        ),
        (
            MessageId::SectionMapping,
            resource(
                (0..mappings)
                    .flat_map(|idx| [Resource::Mapping(idx as u16), Resource::IteratorAge(idx as u16)])
                    .collect(),
            ),
        ),
        (
            MessageId::SectionFunction,
            resource((0..functions).map(|idx| Resource::Function(idx as u16)).chain(aliases).collect()),
        ),
        (
            MessageId::SectionEnvironments,
            (0..environments).rev().map(Object::Environment).take(EACH_MAX as usize + 1).collect(),
        ),
        (
            MessageId::SectionAlarms,
            resource((0..sim.alarms().len() as u32).map(|idx| Resource::Alarm(idx as u16)).collect()),
        ),
    ];
    let group = |(heading, objects): (MessageId, Vec<Object>)| {
        let all: Vec<Object> = objects.into_iter().filter(|&object| exists(sim, object)).collect();
        let all_environments = heading == MessageId::SectionEnvironments;
        let count = if all_environments { environments } else { all.len() as u32 };
        let objects: Vec<(Object, String)> =
            all.into_iter().take(EACH_MAX as usize).map(|object| (object, name(sim, object, lang))).collect();
        Group { heading, more: count - objects.len() as u32, objects }
    };
    groups.into_iter().map(group).filter(|group| !group.objects.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::shipped;

    #[test]
    fn what_there_is_can_be_chosen() {
        let names = |id: &str, t: u64| -> Vec<String> {
            let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
            sim.run_until(SimTime(t));
            let groups = of(&sim, Lang::En);
            groups.into_iter().flat_map(|group| group.objects).map(|(_, name)| name).collect()
        };
        let early = [
            "Stream s",
            "Producer 1",
            "Mapping 1",
            "IteratorAge of mapping 1",
            "Function consumer",
            "Alias live",
        ];
        assert_eq!(names("parallelization-3", 0), early);
        let later = names("parallelization-3", 60_000);
        assert_eq!(later[early.len()..], ["Environment 3", "Environment 2", "Environment 1"]);
        assert!(names("auto-scaling", 0).iter().any(|name| name.starts_with("Alarm ")));
    }
}
