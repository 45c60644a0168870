//! The stream: shards, what can be done with them, and where a partition key goes.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::TargetCast;

use super::console::command;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use crate::view::console::{Control, Report};
use crate::view::panels::lineage::{Lineage, Node, NodeState};
use crate::view::panels::stream::{Details, Fields, Group, Key, KeyPlace, Merge, Row, Split, Stream, Target};
use crate::view::text::MessageId;
use crate::view::ui::{Action, Tab, UiState};

/// Id of the field for the number of shards.
pub(super) const COUNT: &str = "target-count";

/// The panel.
pub(super) fn stream(page: &Page, ui: &UiState, stream: &Stream) -> Element {
    if !stream.there {
        return classy("p", "hint lead").test_id("stream-none").child(page.say(MessageId::StreamNone));
    }
    let panel = Panel { page, fields: &ui.fields, report: ui.report.as_deref() };
    let several = (!stream.streams.is_empty()).then(|| panel.choice(stream));
    let fact = |&(label, ref value): &(MessageId, String)| {
        el("div").child(el("dt").child(page.say(label))).child(el("dd").child(value))
    };
    let copy = button(page, "link", Action::CopyStream(stream.stream))
        .test_id("stream-copy")
        .child(page.say(MessageId::StreamCopy));
    let heading = |id: MessageId| el("h3").child(page.say(id));
    classy("div", "stream")
        .test_id("stream")
        .child(classy("h2", "panel-title").child(&stream.name))
        .child(several)
        .child(classy("dl", "stream-facts").test_id("stream-facts").each(&stream.facts, fact))
        .child(bar(stream))
        .child(heading(MessageId::SectionKey))
        .child(panel.key(&stream.key))
        .child(heading(MessageId::SectionCount))
        .child(panel.target(&stream.target))
        .child(stream.lineage.as_ref().map(|lineage| panel.lineage(lineage)))
        .child(heading(MessageId::Shards))
        .child(panel.shards(&stream.groups))
        .child(classy("p", "hint note").child(page.say(MessageId::StreamHint)))
        .child(copy)
}

/// All hash keys with the open shards, and the place of the key that was typed.
fn bar(stream: &Stream) -> Element {
    let segment = |&(from, to): &(u32, u32)| el("i").attr(Attr::Style, format!("--from:{from};--to:{to}"));
    let place = match &stream.key {
        Key::Place(key) => Some(el("b").attr(Attr::Style, format!("--from:{}", key.place))),
        Key::None | Key::TooLong(_) => None,
    };
    classy("div", "hash-bar").hidden().each(&stream.segments, segment).child(place)
}

/// What came of a line.
pub(super) fn answer(page: &Page, report: &Report) -> Element {
    let (class, mark) = if report.failed { ("failed", "✕") } else { ("good", "✓") };
    let text = match report.answer.is_empty() || !report.failed {
        true => MessageId::ConsoleEnded.text(page.lang).to_owned(),
        false => report.answer.to_string(),
    };
    let answer = classy("p", class).child(classy("span", "mark").hidden().child(mark)).child(" ").child(text);
    let shown = button(page, "link", Action::ShowTab(Tab::Console))
        .test_id("show-console")
        .child(page.say(MessageId::ReportShown));
    fragment().child(answer).child(command(&report.line, fragment())).child(shown)
}

/// The same where there is little room.
pub(super) fn short_answer(page: &Page, report: &Report) -> Element {
    let (class, mark) = if report.failed { ("failed", "✕") } else { ("good", "✓") };
    let text = match report.failed {
        true => report.answer.to_string(),
        false => MessageId::ConsoleEnded.text(page.lang).to_owned(),
    };
    let answer = classy("p", class).child(classy("span", "mark").hidden().child(mark)).child(" ").child(text);
    let shown = button(page, "link", Action::ShowTab(Tab::Console))
        .test_id("show-console")
        .attr(Attr::AriaLabel, page.say(MessageId::ReportShown))
        .child(page.say(MessageId::TabConsole));
    let head = classy("div", "report-head").child(answer).child(shown);
    fragment().child(head).child(command(&report.short_line(), fragment()))
}

/// What the parts of the panel are given.
struct Panel<'a> {
    page: &'a Page,
    fields: &'a Rc<Fields>,
    report: Option<&'a Report>,
}

impl Panel<'_> {
    /// The action that changes what was chosen or typed.
    fn filled(&self, change: impl FnOnce(&mut Fields)) -> Action {
        let mut fields = (**self.fields).clone();
        change(&mut fields);
        Action::Fill(Rc::new(fields))
    }

    fn choice(&self, stream: &Stream) -> Element {
        let (on, fields) = (self.page.on.clone(), Rc::clone(self.fields));
        let choose = move |event: &Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let (stream, key) = (value.parse().unwrap_or(0), fields.key.clone());
            on.emit(Action::Fill(Rc::new(Fields { stream, key, ..Fields::default() })));
        };
        let option = |&(idx, ref name): &(u16, String)| {
            let selected = idx == stream.stream;
            el("option").attr(Attr::Value, idx.to_string()).flag(Attr::Selected, selected).child(name)
        };
        let select = el("select").test_id("stream-choice").on(On::Change, Box::new(choose));
        let name = classy("span", "visually-hidden").child(self.page.say(MessageId::StreamChoice));
        classy("p", "log-head").child(el("label").child(name).child(select.each(&stream.streams, option)))
    }

    /// A field with its name above it; Enter asks for `enter`.
    fn field(
        &self,
        test_id: &'static str,
        name: MessageId,
        value: &str,
        set: fn(&mut Fields, String),
        enter: Option<Action>,
    ) -> Element {
        let (on, fields) = (self.page.on.clone(), Rc::clone(self.fields));
        let typed = move |event: &Event| {
            let mut fields = (*fields).clone();
            set(&mut fields, event.target_unchecked_into::<HtmlInputElement>().value());
            on.emit(Action::Fill(Rc::new(fields)));
        };
        let on = self.page.on.clone();
        let keys = move |event: &Event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            if let Some(action) = enter.as_ref().filter(|_| key.key() == "Enter" && !key.is_composing()) {
                on.emit(action.clone());
            }
        };
        let input = el("input")
            .attr(Attr::Type, "text")
            .attr(Attr::Spellcheck, "false")
            .attr(Attr::Autocapitalize, "off")
            .attr(Attr::Autocomplete, "off")
            .attr(Attr::Id, test_id)
            .test_id(test_id)
            .value(value)
            .on(On::Input, Box::new(typed))
            .on(On::Keydown, Box::new(keys));
        classy("label", "field").child(el("span").child(self.page.say(name))).child(input)
    }

    /// A button that runs a line.
    fn runs(&self, test_id: &'static str, control: Control, line: &str) -> Element {
        button(self.page, "button outlined", Action::Run(control, line.into()))
            .test_id(test_id)
            .attr(Attr::Title, line.to_owned())
    }

    /// What came of a control's line.
    fn answer(&self, control: Control) -> Element {
        let report = self.report.filter(|report| report.control == control);
        let answered = |report: &Report| answer(self.page, report);
        classy("div", "report").attr(Attr::Role, "status").test_id("report").child(report.map(answered))
    }

    fn key(&self, key: &Key) -> Element {
        let set = |fields: &mut Fields, key| fields.key = key;
        let page = self.page;
        let fact = |class, label: MessageId, value: &String| {
            let value = classy("dd", class).child(value);
            classy("div", "fact").child(el("dt").child(page.say(label))).child(value)
        };
        let place = |key: &KeyPlace| {
            classy("dl", "facts")
                .test_id("key-place")
                .child(fact("mono", MessageId::KeyMd5, &key.md5))
                .child(fact("mono", MessageId::FactHashKey, &key.hash_key))
                .child(fact("", MessageId::KeyPlaceLabel, &key.percent))
                .child((!key.shard.is_empty()).then(|| fact("", MessageId::FactShard, &key.shard)))
        };
        let field = self.field("partition-key", MessageId::KeyField, &self.fields.key, set, None);
        let found = match key {
            Key::None => None,
            Key::TooLong(text) => Some(classy("p", "hint").test_id("key-too-long").child(text)),
            Key::Place(key) => Some(place(key)),
        };
        let found = el("div").attr(Attr::AriaLive, "polite").child(found);
        fragment().child(field).child(found)
    }

    fn target(&self, target: &Target) -> Element {
        let set = |fields: &mut Fields, text| fields.target = Some(text);
        let action = Action::Run(Control::ShardCount, target.line.as_str().into());
        let field = self.field(COUNT, MessageId::TargetCount, &target.text, set, Some(action));
        let run = self.runs("update-count", Control::ShardCount, &target.line);
        let run = run.child(self.page.say(MessageId::UpdateCount));
        let step = |(what, open): &(String, String)| {
            el("li").child(el("span").child(what)).child(classy("span", "hint").child(open))
        };
        let more = || classy("p", "hint").child(self.page.fill(MessageId::PlanMore, &[&target.more]));
        fragment()
            .child(classy("div", "field-row").child(field).child(run))
            .child(classy("p", "hint").test_id("plan").attr(Attr::AriaLive, "polite").child(&target.summary))
            .child(classy("ol", "plan").test_id("plan-steps").each(&target.steps, step))
            .child((target.more > 0).then(more))
            .child(self.answer(Control::ShardCount))
    }

    /// The tree of parents and children. Its lines are decoration: the details of each shard name its relatives.
    fn lineage(&self, lineage: &Lineage) -> Element {
        /// Units of the drawing from one generation to the next, and from its edge to the middle of a node.
        const ROW: u32 = 100;
        let y = |row: u32| row * ROW + ROW / 2;
        let edge = |&(from, to): &(usize, usize)| {
            let (from, to) = (&lineage.nodes[from], &lineage.nodes[to]);
            let middle = (y(from.row) + y(to.row)) / 2;
            let (start, end) = (y(from.row), y(to.row));
            let path = format!("M{0} {start}C{0} {middle} {1} {middle} {1} {end}", from.x, to.x,);
            let class = if to.state == NodeState::Coming { "coming" } else { "" };
            classy("path", class).attr(Attr::D, path)
        };
        let lines = el("svg")
            .attr(Attr::ViewBox, format!("0 0 1000 {}", lineage.rows * ROW))
            .attr(Attr::PreserveAspectRatio, "none")
            .hidden()
            .each(&lineage.edges, edge);
        let nodes = classy("ol", "nodes").each(&lineage.nodes, |node| self.node(node));
        let tree = classy("div", "lineage")
            .test_id("lineage")
            .attr(Attr::Style, format!("--rows:{}", lineage.rows))
            .child(lines)
            .child(nodes);
        fragment().child(el("h3").child(self.page.say(MessageId::Lineage))).child(tree)
    }

    fn node(&self, node: &Node) -> Element {
        let (class, state) = match node.state {
            NodeState::Open => ("node", Some(MessageId::ShardOpen)),
            NodeState::Closed => ("node closed", Some(MessageId::ShardClosed)),
            NodeState::Coming => ("node coming", None),
        };
        let state =
            state.map(|state| classy("span", "visually-hidden").child(" ").child(self.page.say(state)));
        let number = node.shard.to_string();
        let name = if node.state == NodeState::Coming {
            classy("span", class).child(number)
        } else {
            let chosen = self.filled(|fields| (fields.shard, fields.split_at) = (Some(node.shard), None));
            button(self.page, class, chosen).child(number).child(state)
        };
        let note = (!node.note.is_empty()).then(|| classy("span", "note").child(&node.note));
        el("li").attr(Attr::Style, format!("--x:{};--row:{}", node.x, node.row)).child(name).child(note)
    }

    fn shards(&self, groups: &[Group; 2]) -> Element {
        let column =
            |class, name: MessageId| classy("th", class).attr(Attr::Scope, "col").child(self.page.say(name));
        let head = el("tr")
            .child(column("", MessageId::ColumnShard))
            .child(column("", MessageId::ColumnRange))
            .child(column("", MessageId::ColumnState))
            .child(column("number", MessageId::ColumnHeld));
        let [open, closed] = groups;
        classy("table", "twin shards")
            .test_id("shards")
            .child(el("thead").child(head))
            .child(self.group(open, MessageId::GroupOpen))
            .child((closed.count > 0).then(|| self.group(closed, MessageId::GroupClosed)))
    }

    fn group(&self, group: &Group, name: MessageId) -> Element {
        let whole = |text: String| {
            let cell = el("th").attr(Attr::Colspan, "4").attr(Attr::Scope, "rowgroup").child(text);
            classy("tr", "group").child(cell)
        };
        let cut = || whole(self.page.fill(MessageId::GroupCut, &[&group.rows.len(), &group.count]));
        el("tbody")
            .child(whole(self.page.fill(name, &[&group.count])))
            .each(&group.rows, |row| self.row(row))
            .child((group.rows.len() < group.count).then(cut))
    }

    fn row(&self, row: &Row) -> Element {
        let open = row.details.is_some();
        let toggled = (!open).then_some(row.shard);
        let action = self.filled(|fields| (fields.shard, fields.split_at) = (toggled, None));
        let sign = el("span").hidden().child(if open { "▾" } else { "▸" });
        let name = button(self.page, "row-button mono", action)
            .attr(Attr::AriaExpanded, open)
            .test_id("shard")
            .child(sign)
            .child(&row.name);
        let (from, to) = row.place;
        let place = el("i").attr(Attr::Style, format!("--from:{from};--to:{to}"));
        let range = el("td").child(&row.range).child(classy("span", "hash-bar").hidden().child(place));
        let cells = el("tr")
            .test_id("shard-row")
            .child(el("th").attr(Attr::Scope, "row").child(name))
            .child(range)
            .child(el("td").child(classy("span", "tag").child(self.page.say(row.state))))
            .child(classy("td", "number").child(&row.held));
        let details = |details| {
            let cell = el("td").attr(Attr::Colspan, "4").child(self.details(details));
            classy("tr", "details").test_id("shard-details").child(cell)
        };
        fragment().child(cells).child(row.details.as_ref().map(details))
    }

    fn details(&self, details: &Details) -> Element {
        let fact = |&(label, ref value): &(MessageId, String)| {
            let value = classy("dd", "mono").child(value);
            classy("div", "fact").child(el("dt").child(self.page.say(label))).child(value)
        };
        fragment()
            .child(details.split.as_ref().map(|split| self.split(split)))
            .child(details.merge.as_ref().map(|merge| self.merge(merge)))
            .child(classy("dl", "facts").each(&details.facts, fact))
    }

    fn split(&self, split: &Split) -> Element {
        let set = |fields: &mut Fields, text| fields.split_at = Some(text);
        let action = Action::Run(Control::Split, split.line.as_str().into());
        let field = self.field("split-at", MessageId::SplitAt, &split.at, set, Some(action));
        let run = self.runs("split", Control::Split, &split.line).child(self.page.say(MessageId::Split));
        let row = classy("div", "field-row").child(field).child(run);
        fragment().child(row).child(self.answer(Control::Split))
    }

    fn merge(&self, merge: &Merge) -> Element {
        let name = self.page.fill(MessageId::MergeWith, &[&merge.with]);
        let run = self.runs("merge", Control::Merge, &merge.line).child(name);
        fragment().child(run).child(self.answer(Control::Merge))
    }
}
