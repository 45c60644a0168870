// Loads and starts the program, shows how far the download is, and says what to try when it fails.
//
// The files' names change with their content: the preload links of the built page name them and their digest.
// On success `window.shardlab` holds the program's exports, and once the page is mounted and its scenario is
// loaded (the program says so by a `shardlab:ready` event) `<html>` carries `data-ready="true"`.
//
// The program comes in two parts (xtask/src/split.rs): what the first picture needs, and the rest, which is fetched
// when that is painted. What needs the rest before calls for it and waits. `<html>` carries `data-rest="fetched"`
// once it is there, `"called"` if something had to wait for it, and `"failed"` if it did not come. The styles come in
// two parts, too: `data-styled="true"` says that all of them are there.
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
  async function download(url, integrity) {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`${response.status} ${response.statusText} ${url}`);
    }
    const bytes = await counted(response).arrayBuffer();
    if (!(await isIntact(bytes, integrity))) {
      throw new Error(`the content is not what was published: ${url}`);
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
    const program = await part("download", () => import(script));
    const { initSync, rest, ...exports } = program;
    delete exports.default;
    const bytes = await part("download", () => download(wasm.href, wasm.dataset.integrity));
    const url = new URL(wasm.dataset.rest, document.baseURI).href;
    rest.load = (first) => callRest(url, first, rest.browser);
    window.shardlab = exports;
    const first = await part("start", () => program.default({ module_or_path: bytes }));
    await painted;
    addStyles(wasm.dataset.styles, wasm.dataset.stylesIntegrity);
    fetchRest(url, wasm.dataset.restIntegrity, first, rest.browser);
  }

  /** The page's first frame with its scenario. */
  const painted = new Promise((resolve) => {
    const next = () => requestAnimationFrame(() => setTimeout(resolve));
    window.addEventListener("shardlab:ready", next, { once: true });
  });

  /** Adds the whole style sheet, of which the page starts with a part. */
  function addStyles(href, integrity) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, integrity });
    link.addEventListener("load", () => (document.documentElement.dataset.styled = "true"));
    document.head.append(link);
  }

  /** What the mouse does by the way, and the focus: to light what is there is not worth a wait for the rest. */
  const BY_THE_WAY = ["mouseover", "mousemove", "focusin", "pointermove", "pointerleave"];
  const ignore = (event) => event.stopImmediatePropagation();
  BY_THE_WAY.forEach((type) => window.addEventListener(type, ignore, { capture: true }));

  /** Fetches the rest of the program while the first part runs. */
  async function fetchRest(url, integrity, first, browser) {
    try {
      if (!first["rest:loaded"].value) {
        addRest(await WebAssembly.compile(await download(url, integrity)), first, browser, "fetched");
      }
    } catch (error) {
      explainRest(error);
    }
  }

  /** Gets the rest at once: the first part cannot go on without it. Its digest could not be had without waiting. */
  function callRest(url, first, browser) {
    try {
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      if (request.status !== 200) {
        throw new Error(`${request.status} ${request.statusText} ${url}`);
      }
      const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
      addRest(new WebAssembly.Module(bytes), first, browser, "called");
    } catch (error) {
      explainRest(error);
      throw error;
    }
  }

  /** Adds the rest to the program, unless it was called for meanwhile. */
  function addRest(module, first, browser, how) {
    if (!first["rest:loaded"].value) {
      const slots = first["rest:slots"];
      const slot = new Proxy({}, { get: (_, name) => slots.get(Number(name)) });
      new WebAssembly.Instance(module, { "./shardlab_bg.js": browser, rest: first, slot });
      BY_THE_WAY.forEach((type) => window.removeEventListener(type, ignore, { capture: true }));
      document.documentElement.dataset.rest = how;
      document.getElementById("boot-rest")?.remove();
    }
  }

  /** Says above the page, which goes on, that some of it did not come. */
  function explainRest(error) {
    document.documentElement.dataset.rest = "failed";
    if (!document.getElementById("boot-rest")) {
      const notice = document.getElementById("boot-rest-notice").content.cloneNode(true);
      notice.querySelector("code").textContent = String(error);
      notice.querySelector("button").addEventListener("click", () => location.reload());
      document.body.append(notice);
    }
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
