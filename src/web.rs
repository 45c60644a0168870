//! The page: everything that knows a browser. Compiled for wasm32 only.
//!
//! [`session`] holds the one run. The page is built with the cargo feature `page`: `app` is its root, `screen`
//! the two canvases, the other modules its components. Without it only the exports for programs are there.

#[cfg(feature = "page")]
mod app;
#[cfg(feature = "page")]
mod batch;
pub mod bridge;
#[cfg(feature = "page")]
mod browser;
#[cfg(feature = "page")]
pub mod canvas;
#[cfg(feature = "page")]
mod console;
#[cfg(feature = "page")]
mod dialogs;
#[cfg(feature = "page")]
mod figure;
#[cfg(feature = "page")]
mod frame;
#[cfg(feature = "page")]
mod icon;
#[cfg(feature = "page")]
mod inspector;
#[cfg(feature = "page")]
mod ledger;
#[cfg(feature = "page")]
mod log_list;
#[cfg(feature = "page")]
mod mark;
#[cfg(feature = "page")]
mod markers;
#[cfg(feature = "page")]
mod matrix;
#[cfg(feature = "page")]
mod menu;
#[cfg(feature = "page")]
mod part;
#[cfg(feature = "page")]
mod print;
#[cfg(feature = "page")]
mod rail;
#[cfg(feature = "page")]
mod scissors;
#[cfg(feature = "page")]
mod screen;
pub mod session;
#[cfg(feature = "page")]
mod status;
#[cfg(feature = "page")]
mod stream;
#[cfg(feature = "page")]
mod table;
#[cfg(feature = "page")]
mod tabs;
#[cfg(feature = "page")]
mod time_tools;
#[cfg(feature = "page")]
mod topbar;
#[cfg(feature = "page")]
mod transport;
#[cfg(feature = "page")]
mod tray;
#[cfg(feature = "page")]
mod twin;
#[cfg(feature = "page")]
mod why;

/// Starts the page in the element `app`; without the feature `page`, only the exports are there.
pub fn mount() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "page")]
    if let Some(root) = browser::element::<web_sys::Element>("app") {
        // What stands there until the program has started makes room for it.
        root.set_text_content(None);
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
