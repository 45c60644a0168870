//! Natively the headless run (`shardlab run`, `shardlab validate`); in the browser the page.

#[cfg(not(target_arch = "wasm32"))]
mod headless;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    headless::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    shardlab::web::mount();
}
