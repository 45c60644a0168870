//! Semantic classes of shapes: the names that `www/scene.css` gives a look.

macro_rules! classes {
    ($($id:ident $name:literal $size:literal $doc:literal;)*) => {
        /// What a shape means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Class { $(#[doc = $doc] $id,)* }

        impl Class {
            /// All classes.
            pub const ALL: &[Self] = &[$(Self::$id,)*];

            /// Its name in CSS.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)* }
            }

            /// Size of its font in pixels; 0 for classes that are not texts.
            #[must_use]
            pub fn font_size(self) -> f64 {
                match self { $(Self::$id => $size,)* }
            }
        }
    };
}

classes! {
    // Texts.
    Headline "headline" 20.0 "The sentence above the picture.";
    HeadlineSmall "headline-small" 16.0 "The same in a small picture.";
    Title "title" 12.0 "Title of a part.";
    Figure "figure" 20.0 "A count above the picture.";
    Label "label" 12.0 "What something is.";
    Strong "strong" 12.0 "A label that counts more.";
    StrongHalo "strong-halo" 12.0 "The same across lines.";
    Warning "warning" 12.0 "A label that tells of a failure.";
    Mono "mono" 11.0 "An id or a hash key.";
    MonoHalo "mono-halo" 11.0 "The same across lines.";
    MonoStrong "mono-strong" 12.0 "The name of a shard.";
    Lambda "lambda" 14.0 "The letter λ.";
    TokenText "token-text" 10.0 "What is written on a token.";
    Times "times" 8.0 "How often a record was handled, if more than once.";
    CellText "cell-text" 11.0 "A record's number in the chart of invocations.";
    CellTextNext "cell-text-next" 11.0 "The same, still to come.";
    ChipText "chip-text" 10.0 "What closed a batch.";
    MatrixAgain "matrix-again" 12.0 "How often a record was handled, if more than once.";
    PillText "pill-text" 12.0 "The time at the playhead.";
    // The flow.
    Pipe "pipe" 0.0 "Ground of a shard, a lane, a store.";
    Bar "bar" 0.0 "The bar of all hash keys.";
    Thread "thread" 0.0 "The way of a key's records.";
    ThreadSelected "thread-selected" 0.0 "The way of the selected record.";
    Ribbon "ribbon" 0.0 "The way of the records of many keys.";
    Dot "dot" 0.0 "A key's place among the hash keys.";
    Card "card" 0.0 "An invocation's room.";
    CardIdle "card-idle" 0.0 "The same, with no invocation.";
    CardFailed "card-failed" 0.0 "The same, after a failure.";
    Chip "chip" 0.0 "Ground of what closed a batch.";
    VersionEdge "version-edge" 0.0 "The second edge of what a function's second version does.";
    Track "track" 0.0 "Ground of a progress line.";
    Progress "progress" 0.0 "How far an invocation is.";
    Countdown "countdown" 0.0 "How much of a back-off is left.";
    Tear "tear" 0.0 "Between two halves of a batch that failed.";
    Tray "tray" 0.0 "Ground of what was given up.";
    TrayFrame "tray-frame" 0.0 "Around the records of one document.";
    TrayEdge "tray-edge" 0.0 "Its edge.";
    Eye "eye" 0.0 "A poller, which looks along its shard.";
    Pupil "pupil" 0.0 "Its pupil.";
    Iterator "iterator" 0.0 "Mark of the shard iterator.";
    Checkpoint "checkpoint" 0.0 "Mark of the checkpoint.";
    // Shards across reshards.
    Drain "drain" 0.0 "Ground of a closed shard that is drained.";
    Hatch "hatch" 0.0 "Its hatching.";
    LockBody "lock-body" 0.0 "The lock beside a closed shard's name.";
    LockBow "lock-bow" 0.0 "Its bow.";
    Hourglass "hourglass" 0.0 "It waits for its parents.";
    Gate "gate" 0.0 "What holds children back until their parents are drained.";
    GateKnob "gate-knob" 0.0 "Ground of its lock.";
    GateLock "gate-lock" 0.0 "Its lock.";
    GateBow "gate-bow" 0.0 "The lock's bow.";
    Knife "knife" 0.0 "The cut of a split, right after it.";
    KnifeHead "knife-head" 0.0 "How far the cut or the seam has come.";
    Seam "seam" 0.0 "The border that a merge removes.";
    Ghost "ghost" 0.0 "Where a shard is about to be cut.";
    Scissors "scissors" 0.0 "The tool that cuts.";
    Wall "wall" 0.0 "Where a put bounces off a shard.";
    LoadGround "load-ground" 0.0 "Ground of the strip of all shards.";
    Load "load" 0.0 "What was put into shards of the strip.";
    LoadShown "load-shown" 0.0 "Which shards of the strip are drawn.";
    Button "button" 0.0 "A control of the picture.";
    ButtonGlyph "button-glyph" 0.0 "An arrow on a control.";
    ButtonDot "button-dot" 0.0 "A dot on a control.";
    Band "band" 0.0 "The way of a key's records, as wide as there are many of them.";
    BandMixed "band-mixed" 0.0 "The same of many keys.";
    // Records.
    Density "density" 0.0 "How many records of many keys were put in a part of the time.";
    DensityDone "density-done" 0.0 "How many of them are done.";
    Tick "tick" 0.0 "A record in its shard.";
    TickDone "tick-done" 0.0 "A record that is done, in its shard.";
    Token "token" 0.0 "A record.";
    TokenCard "token-card" 0.0 "A record in a deck.";
    TokenDone "token-done" 0.0 "A record that has been handled.";
    TokenRing "token-ring" 0.0 "Around the record that is being handled.";
    TokenFailed "token-failed" 0.0 "A record that made its invocation fail.";
    TokenTwice "token-twice" 0.0 "The second outline of a record that was handled more than once.";
    CheckOn "check-on" 0.0 "The same on a token in full color.";
    Check "check" 0.0 "The tick on a handled record.";
    Cross "cross" 0.0 "The cross on a failed record.";
    Changed "changed" 0.0 "Around what has just come, where nothing is to move.";
    Selected "selected" 0.0 "Around what is selected.";
    Ring "ring" 0.0 "Around what is selected and small.";
    RingRect "ring-rect" 0.0 "Around what is selected in the chart of invocations.";
    // The time line.
    Hair "hair" 0.0 "A thin border.";
    Ground "ground" 0.0 "Behind a text, so that it can be read.";
    Past "past" 0.0 "Ground of a shard's past.";
    PastClosed "past-closed" 0.0 "The same of a closed shard.";
    Coming "coming" 0.0 "A shard that is known to open.";
    Cut "cut" 0.0 "From a split on, between its children.";
    CutHead "cut-head" 0.0 "Where a split or a merge took place.";
    Held "held" 0.0 "How long a shard has waited for its parents.";
    Command "command" 0.0 "A command that was carried out.";
    CommandNext "command-next" 0.0 "A command still to come.";
    CommandFailed "command-failed" 0.0 "A command that was refused.";
    Border "border" 0.0 "Between two shards.";
    Lag "lag" 0.0 "From a key's checkpoint to now.";
    LagFrom "lag-from" 0.0 "A key's checkpoint.";
    Cell "cell" 0.0 "A handled record in the chart of invocations.";
    CellFoot "cell-foot" 0.0 "Its foot, in the key's full color.";
    CellNext "cell-next" 0.0 "A record still to be handled.";
    CellFootNext "cell-foot-next" 0.0 "Its foot.";
    CellFailed "cell-failed" 0.0 "The record that made its invocation fail.";
    Frame "frame" 0.0 "Around an invocation.";
    FrameNext "frame-next" 0.0 "Around an invocation still to come.";
    FrameFailed "frame-failed" 0.0 "Around an invocation that failed.";
    Neutral "neutral" 0.0 "An invocation too short for its records.";
    NeutralFailed "neutral-failed" 0.0 "The same, failed.";
    NeutralNext "neutral-next" 0.0 "The same, still to come.";
    Cold "cold" 0.0 "Wait for a new environment.";
    Gap "gap" 0.0 "A back-off between two attempts.";
    Cap "cap" 0.0 "Ground of the mark at an invocation's end.";
    CapOk "cap-ok" 0.0 "It succeeded.";
    CapFailed "cap-failed" 0.0 "It failed.";
    CapThrottled "cap-throttled" 0.0 "It was throttled.";
    // A batch, attempt by attempt.
    MatrixGround "matrix-ground" 0.0 "Ground of an attempt.";
    MatrixTodo "matrix-todo" 0.0 "A record that an attempt has still to handle.";
    MatrixArrow "matrix-arrow" 0.0 "From an attempt to the next at what it left.";
    // The share of a new version.
    ShareWindow "share-window" 0.0 "The time in which a move reaches the front ends.";
    ShareOld "share-old" 0.0 "Rows of other versions.";
    ShareNew "share-new" 0.0 "Rows of the new version.";
    ShareExpected "share-expected" 0.0 "The share that is to be expected.";
    Row "row" 0.0 "Room of a lane in the chart of invocations: seen by the mouse only.";
    // Charts.
    ChartLine "chart-line" 0.0 "A figure over time.";
    ChartArea "chart-area" 0.0 "The ground below it.";
    ChartOther "chart-other" 0.0 "The second figure of a chart.";
    ChartBar "chart-bar" 0.0 "How often something happened.";
    ChartOtherBar "chart-other-bar" 0.0 "The same of a second thing.";
    ChartLimit "chart-limit" 0.0 "What a figure cannot go beyond.";
    ChartDot "chart-dot" 0.0 "Where the playhead is on a line.";
    // What is pointed at.
    Lit "lit" 0.0 "Around what is pointed at or focused.";
    LitWith "lit-with" 0.0 "Around what belongs to it.";
    Moment "moment" 0.0 "The time that it tells of.";
    Crosshair "crosshair" 0.0 "The moment under the mouse.";
    CrosshairPill "crosshair-pill" 0.0 "Ground of its time.";
    WindowBand "window-band" 0.0 "A window that is being drawn up.";
    Bookmark "bookmark" 0.0 "A moment that is marked.";
    Playhead "playhead" 0.0 "Now.";
    Pill "pill" 0.0 "Ground of the time at the playhead.";
}

impl Class {
    /// Whether its texts are monospaced.
    #[must_use]
    pub fn is_mono(self) -> bool {
        matches!(self, Self::Mono | Self::MonoHalo | Self::MonoStrong)
    }

    /// Whether its texts are bold or nearly so.
    #[must_use]
    pub fn is_bold(self) -> bool {
        matches!(
            self,
            Self::Headline
                | Self::HeadlineSmall
                | Self::Title
                | Self::Figure
                | Self::Strong
                | Self::StrongHalo
                | Self::Warning
                | Self::MonoStrong
                | Self::Lambda
                | Self::TokenText
                | Self::Times
                | Self::MatrixAgain
                | Self::PillText
        )
    }

    /// Whether it is a text.
    #[must_use]
    pub fn is_text(self) -> bool {
        self.font_size() > 0.0
    }
}
