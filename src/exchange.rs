//! What comes in and goes out: links, and what the page API tells of a run.

pub mod change;
pub mod copied;
pub mod link;
pub mod page_api;
pub mod pasted;
