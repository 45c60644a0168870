// Loads and starts the program, shows how far the download is, and says what to try when it fails.
//
// The files' names change with their content: the preload links of the built page name them and their digest.
// On success `window.shardlab` holds the program's exports, and once the page is mounted and its scenario is
// loaded (the program says so by a `shardlab:ready` event) `<html>` carries `data-ready="true"`.
"use strict";

(() => {
  const app = document.getElementById("app");
  const shell = document.getElementById("boot");
  const progress = document.getElementById("boot-progress");

  /** An error with the reason under which index.html explains it: unsupported, download or start. */
  class BootError extends Error {
    constructor(reason, detail) {
      super(detail);
      this.reason = reason;
    }
  }

  /** Runs one part of the start; whatever it throws is explained as `reason`. */
  async function part(reason, action) {
    try {
      return await action();
    } catch (error) {
      throw new BootError(reason, String(error));
    }
  }

  /** Moves the progress bar as the response's bytes arrive. */
  function counted(response) {
    // A compressed answer states its compressed length, but its bytes arrive unpacked: then the bar shows
    // only that something happens.
    const total = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
    let loaded = 0;
    const counter = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        if (total > 0) {
          progress.value = loaded / total;
        }
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(counter));
  }

  /**
   * The bytes of a preloaded file. They are not compiled as a stream, so that the page also works on hosts that
   * do not know the type of ".wasm", and so that they can be checked first.
   */
  async function download(link) {
    const response = await fetch(link.href);
    if (!response.ok) {
      throw new Error(`${response.status} ${response.statusText} ${link.href}`);
    }
    const bytes = await counted(response).arrayBuffer();
    // `cargo xtask build` moves the digest to a data attribute; Trunk alone writes a plain one.
    if (!(await isIntact(bytes, link.dataset.integrity ?? link.integrity))) {
      throw new Error(`the content is not what was published: ${link.href}`);
    }
    return bytes;
  }

  /** Whether the bytes have the digest `sha384-<base64>`. Only secure origins let a page compute digests. */
  async function isIntact(bytes, integrity) {
    if (!window.isSecureContext) {
      return true;
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
    return integrity === `sha384-${btoa(String.fromCharCode(...digest))}`;
  }

  async function start() {
    if (typeof WebAssembly !== "object") {
      throw new BootError("unsupported", "WebAssembly is not defined");
    }
    const script = document.querySelector("link[rel=modulepreload]").href;
    const wasm = document.querySelector("link[rel=preload][as=fetch]");
    const { default: init, initSync, ...exports } = await part("download", () => import(script));
    const bytes = await part("download", () => download(wasm));
    window.shardlab = exports;
    await part("start", () => init({ module_or_path: bytes }));
  }

  /** Puts the shell back if the program has replaced it, with the explanation of what went wrong. */
  function explain(error) {
    app.replaceChildren(shell);
    document.getElementById("boot-loading").hidden = true;
    document.getElementById("boot-detail").textContent = error.message;
    document.querySelector(`[data-failure=${error.reason}]`).hidden = false;
    document.getElementById("boot-failure").hidden = false;
  }

  window.addEventListener("shardlab:ready", () => {
    document.documentElement.dataset.ready = "true";
  });
  document.getElementById("boot-retry").addEventListener("click", () => location.reload());
  start().catch(explain);
})();
