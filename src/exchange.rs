//! What comes in and goes out as text: links.

pub mod link;
