//! Icons. Decoration only: every control that has one also has a name.

use super::mark::{Attr, Content, Element, classy, el};

/// An icon.
#[derive(Clone, Copy)]
pub(super) enum Icon {
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// To the start.
    First,
    /// Batch back.
    BatchBack,
    /// Event back.
    EventBack,
    /// Event forward.
    EventForward,
    /// Batch forward.
    BatchForward,
    /// To the end.
    Last,
    /// Opens a menu.
    Down,
    /// System, light, dark.
    Auto,
    /// Light.
    Sun,
    /// Dark.
    Moon,
    /// Help.
    Help,
    /// Share.
    Share,
    /// Settings.
    Settings,
    /// Close.
    Close,
    /// Open a file.
    File,
    /// Paste.
    Paste,
    /// Poll back.
    PollBack,
    /// Poll forward.
    PollForward,
    /// Second back.
    SecondBack,
    /// Second forward.
    SecondForward,
    /// A moment that is not marked.
    Bookmark,
    /// A moment that is marked.
    Bookmarked,
    /// Zoom in.
    ZoomIn,
    /// Zoom out.
    ZoomOut,
    /// The whole run.
    Whole,
    /// A part of the run.
    Window,
    /// Back to what is usual.
    Reset,
}

impl Icon {
    /// Path and whether it is filled.
    fn path(self) -> (&'static str, bool) {
        match self {
            Self::Play => ("M4 2.5v11l9.5-5.5z", true),
            Self::Pause => ("M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z", true),
            Self::First => ("M3.5 3v10M13 3.5 6.5 8l6.5 4.5z", false),
            Self::BatchBack => ("M8.5 3.5 4 8l4.5 4.5M12.5 3.5 8 8l4.5 4.5", false),
            Self::EventBack => ("M10 3.5 5.5 8l4.5 4.5", false),
            Self::EventForward => ("M6 3.5 10.5 8 6 12.5", false),
            Self::BatchForward => ("M3.5 3.5 8 8l-4.5 4.5M7.5 3.5 12 8l-4.5 4.5", false),
            Self::Last => ("M12.5 3v10M3 3.5 9.5 8 3 12.5z", false),
            Self::Down => ("M4 6l4 4 4-4", false),
            Self::Auto => ("M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 5h4.8M8 8h6M8 11h4.8", false),
            Self::Sun => (
                "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9",
                false,
            ),
            Self::Moon => ("M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z", false),
            Self::Help => (
                "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM6.2 6.3c0-1 .8-1.8 1.8-1.8s1.8.7 1.8 1.7c0 1.3-1.8 1.5-1.8 2.8M8 11.4v.1",
                false,
            ),
            Self::Share => (
                "M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.5-2.5a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
                false,
            ),
            Self::Settings => (
                "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M8 4.5a2 2 0 1 0 4 0 2 2 0 0 0-4 0M4 11.5a2 2 0 1 0 4 0 2 2 0 0 0-4 0",
                false,
            ),
            Self::Close => ("M4 4l8 8M12 4l-8 8", false),
            Self::File => ("M2 4.5h4l1.5 1.5H14v7H2z", false),
            Self::Paste => ("M5 3H3.5v10.5h9V3H11M5.5 2h5v2.5h-5z", false),
            Self::PollBack => ("M6.5 3.5 2 8l4.5 4.5M8.5 5h6l-3 5.5z", false),
            Self::PollForward => ("M9.5 3.5 14 8l-4.5 4.5M1.5 5h6l-3 5.5z", false),
            Self::SecondBack => {
                ("M6 3.5 1.5 8 6 12.5M11 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M11 6.4V8l1.2.8", false)
            }
            Self::SecondForward => {
                ("M10 3.5 14.5 8 10 12.5M5 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M5 6.4V8l1.2.8", false)
            }
            Self::Bookmark => ("M4 2.5h8v11L8 10.2l-4 3.3z", false),
            Self::Bookmarked => ("M4 2.5h8v11L8 10.2l-4 3.3z", true),
            Self::ZoomIn => ("M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14M5 7h4M7 5v4", false),
            Self::ZoomOut => ("M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14M5 7h4", false),
            Self::Whole => ("M2 3.5v9M14 3.5v9M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2", false),
            Self::Window => ("M8 3.5v9M1.5 8h4M10.5 8h4M3.7 6l2 2-2 2M12.3 6l-2 2 2 2", false),
            Self::Reset => ("M3.2 9.5A5 5 0 1 0 4.4 4.4L2.8 6M2.8 2.8V6H6", false),
        }
    }
}

impl Content for Icon {
    /// Adds the icon, drawn in the color of the text around it.
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        let (path, filled) = self.path();
        let icon = svg(if filled { "icon filled" } else { "icon" }, "0 0 16 16", "16", "16");
        element.child(icon.child(el("path").attr(Attr::D, path)))
    }
}

/// A drawing without a meaning of its own: its classes, its coordinates, its size in pixels.
pub(super) fn svg(
    class: &'static str,
    view: &'static str,
    width: &'static str,
    height: &'static str,
) -> Element {
    classy("svg", class)
        .attr(Attr::ViewBox, view)
        .attr(Attr::Width, width)
        .attr(Attr::Height, height)
        .hidden()
}

/// The logo.
pub(super) fn logo() -> Element {
    let path = |class, path: &'static str| classy("path", class).attr(Attr::D, path);
    let bar = el("rect").attr(Attr::X, "7").attr(Attr::Y, "3").attr(Attr::Rx, "1.7");
    svg("logo-mark", "0 0 24 24", "24", "24")
        .child(path("hue-1", "M2 7H8C12 7 12 4 16 4H22"))
        .child(path("hue-2", "M2 12H22"))
        .child(path("hue-4", "M2 17H8C12 17 12 20 16 20H22"))
        .child(bar.attr(Attr::Width, "3.4").attr(Attr::Height, "18"))
}
