//! What is seen, as a pure function of (simulation, time, size, language).
//!
//! [`player`] holds the run that is looked at; [`stage`] and [`timeline`] draw it into a [`scene`]: a list of
//! shapes with semantic classes, which `web::canvas` replays and [`scene::Scene::write_svg`] writes for tests
//! and posters. Panels are plain data; every text comes from [`text`].

pub mod address;
pub mod article;
pub mod article_a;
pub mod article_b;
pub mod bookmark;
pub mod checks;
pub mod console;
pub mod cut;
pub mod deploy;
pub mod explain;
pub mod hover;
pub mod knob;
pub mod number;
pub mod origin;
pub mod panels;
pub mod picture;
pub mod player;
pub mod roster;
pub mod scene;
pub mod series;
pub mod shipped;
pub mod shortcut;
pub mod stage;
pub mod text;
pub mod theme;
pub mod timeline;
mod track;
pub mod ui;
pub mod zoom;
