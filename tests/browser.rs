//! In a real browser: the engine gives the digests it gives natively, and the page mounts and answers.
#![cfg(target_arch = "wasm32")]

use js_sys::{Promise, Reflect};
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::view::shipped;
use shardlab::web::bridge;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const THREE_LANES: &str = include_str!("../www/scenarios/parallelization-3.json");

fn native_digest(id: &str) -> String {
    let digests: serde_json::Value = serde_json::from_str(include_str!("fixtures/digests.json")).unwrap();
    digests[id].as_str().unwrap().to_owned()
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

#[wasm_bindgen_test]
fn digests_are_the_native_ones() {
    for &(_, text) in shipped::all() {
        let scenario = Scenario::from_json(text).unwrap();
        let mut sim = Simulation::new(scenario);
        sim.run_until(sim.scenario().until);
        assert_eq!(sim.digest(), native_digest(&sim.scenario().id));
    }
}

#[wasm_bindgen_test]
async fn the_page_api_runs_a_scenario() {
    settled(bridge::load(&THREE_LANES.into())).await.unwrap();
    settled(bridge::seek(60_000.0)).await.unwrap();
    let field = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap();
    let state = bridge::state().unwrap();
    assert_eq!(field(&state, "now").as_f64(), Some(60_000.0));
    assert_eq!(field(&state, "records").as_f64(), Some(150.0));
    settled(bridge::seek(240_000.0)).await.unwrap();
    assert_eq!(bridge::digest(), native_digest("parallelization-3"));
    settled(bridge::step("batch", -1.0)).await.unwrap();
    assert_eq!(field(&bridge::state().unwrap(), "now").as_f64(), Some(80_400.0));
    assert!(settled(bridge::step("year", 1.0)).await.is_err());
}

#[wasm_bindgen_test]
async fn a_scenario_with_five_mistakes_is_rejected_with_five_problems() {
    settled(bridge::load(&THREE_LANES.into())).await.unwrap();
    let text = include_str!("fixtures/scenarios/five-mistakes.json");
    let error = settled(bridge::load(&text.into())).await.unwrap_err();
    let problems = Reflect::get(&error, &"problems".into()).unwrap();
    assert_eq!(problems.unchecked_into::<js_sys::Array>().length(), 5);
    assert_eq!(Reflect::get(&bridge::state().unwrap(), &"now".into()).unwrap().as_f64(), Some(0.0));
}

#[cfg(feature = "page")]
#[wasm_bindgen_test]
async fn the_page_mounts() {
    let document = web_sys::window().unwrap().document().unwrap();
    let app = document.create_element("div").unwrap();
    app.set_id("app");
    document.body().unwrap().append_child(&app).unwrap();
    shardlab::web::mount();
    yew::scheduler::flush().await;
    for action in ["play-pause", "scrub", "parallelization-increase", "language-ja", "scenario-menu"] {
        let found = app.query_selector(&format!("[data-testid={action}]")).unwrap();
        assert!(found.is_some(), "{action} is missing");
    }
}
