// How texts stand on the page and on its canvases: what the browser made of them, with the font it has.

/**
 * Before the page loads: remembers what is written on each canvas since it was last cleared, as it was measured.
 */
export function recordCanvasTexts() {
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    this.canvas.writtenTexts = [];
    return clearRect.apply(this, area);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...most) {
    const metrics = this.measureText(text);
    const width = Math.min(metrics.width, ...most);
    const left = { left: x, start: x, center: x - width / 2, right: x - width, end: x - width }[this.textAlign];
    const top = y - metrics.actualBoundingBoxAscent;
    const bottom = y + metrics.actualBoundingBoxDescent;
    (this.canvas.writtenTexts ??= []).push({ text, left, right: left + width, top, bottom });
    return fillText.call(this, text, x, y, ...most);
  };
}

/** In the page: texts on canvases that cover each other or are cut off by the canvas. */
export function canvasProblems() {
  const problems = [];
  for (const canvas of document.querySelectorAll("canvas")) {
    const texts = canvas.writtenTexts ?? [];
    const { clientWidth, clientHeight } = canvas;
    for (const [place, one] of texts.entries()) {
      const inside = one.left >= -1 && one.right <= clientWidth + 1 && one.top >= -1 && one.bottom <= clientHeight + 1;
      if (clientWidth > 0 && !inside) {
        problems.push(`${canvas.id}: “${one.text}” is cut off`);
      }
      for (const other of texts.slice(place + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 1 && down > 1) {
          problems.push(`${canvas.id}: “${one.text}” and “${other.text}” overlap`);
        }
      }
    }
  }
  return problems;
}

/** In the page: texts of elements that are cut off without a sign of it, run out of their control, or overlap. */
export function textProblems() {
  const problems = [];
  const boxes = [];
  const describe = (element) => {
    const named = element.closest("[data-testid], [id]");
    const name = named?.dataset.testid ?? named?.id ?? "";
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> in ${name}`;
  };
  // What lies in a layer of its own may cover what is below it.
  const layerOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const { position } = getComputedStyle(each);
      if (each.matches("dialog, [popover]") || position === "fixed" || position === "sticky") {
        return each;
      }
    }
    return document.body;
  };
  const modal = document.querySelector("dialog[open]") ?? document.querySelector(":popover-open");
  // Visually hidden texts are for screen readers.
  const hidden = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      if (getComputedStyle(each).clipPath !== "none") {
        return true;
      }
    }
    return !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  // The part of a line that ink may fill: fonts of other scripts have tall boxes.
  const ink = (rect, size) => {
    const middle = (rect.top + rect.bottom) / 2;
    return { left: rect.left, right: rect.right, top: middle - size * 0.42, bottom: middle + size * 0.42 };
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || hidden(element) || (modal !== null && !modal.contains(element))) {
      continue;
    }
    if (element.closest("option, textarea, script, style, noscript")) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(element).fontSize);
    const layer = layerOf(element);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) {
        continue;
      }
      let box = ink(rect, size);
      const cut = (how) => problems.push(`“${node.data.trim()}” ${how}: ${describe(element)}`);
      let scrolled = false;
      for (let each = element; each !== null && each !== layer.parentElement; each = each.parentElement) {
        const style = getComputedStyle(each);
        if (style.display === "contents" || (style.display === "inline" && each !== element)) {
          continue;
        }
        const outer = each.getBoundingClientRect();
        const spills = box.right > outer.right + 1 || box.left < outer.left - 1;
        if (each.matches("button, summary, .tag, .chip, kbd, .key, .node") && spills && !scrolled && style.overflowX === "visible") {
          cut("runs out of its control");
        }
        if (style.overflowX === "visible" && style.overflowY === "visible") {
          continue;
        }
        const told = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
        const scrollsX = ["auto", "scroll"].includes(style.overflowX) && each.scrollWidth > each.clientWidth;
        const scrollsY = ["auto", "scroll"].includes(style.overflowY);
        if (!told && !scrolled && !scrollsX && spills) {
          cut("is cut off at a side");
        }
        if (!told && !scrolled && !scrollsY && (box.bottom > outer.bottom + 1 || box.top < outer.top - 1)) {
          cut("is cut off above or below");
        }
        scrolled ||= scrollsX || scrollsY;
        box = {
          left: Math.max(box.left, outer.left),
          right: Math.min(box.right, outer.right),
          top: Math.max(box.top, outer.top),
          bottom: Math.min(box.bottom, outer.bottom),
        };
      }
      if (!scrolled && (box.right > innerWidth + 1 || box.left < -1)) {
        cut("is cut off by the window");
      }
      if (box.right - box.left > 1 && box.bottom - box.top > 1) {
        boxes.push({ ...box, node, layer, text: node.data.trim(), element });
      }
    }
  }
  for (const [place, one] of boxes.entries()) {
    for (const other of boxes.slice(place + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (one.layer === other.layer && one.node !== other.node && across > 1 && down > 1) {
        problems.push(`“${one.text}” and “${other.text}” overlap: ${describe(one.element)}, ${describe(other.element)}`);
      }
    }
  }
  return [...new Set(problems)];
}

/** In the page: controls that are smaller than `least` pixels, or that lie partly outside of the window. */
export function smallTargets(least) {
  const problems = [];
  const modal = document.querySelector("dialog[open]") ?? document.querySelector(":popover-open");
  const controls = "button, a[href], input, select, textarea, summary, [role=tab], [role=switch]";
  for (const control of document.querySelectorAll(controls)) {
    if (!control.checkVisibility({ visibilityProperty: true }) || (modal !== null && !modal.contains(control))) {
      continue;
    }
    if (control.closest(".twin-holder:not(:focus-within)")) {
      continue;
    }
    // The label of an input is its target, too.
    const targets = [control, ...(control.labels ?? [])].map((target) => target.getBoundingClientRect());
    const width = Math.max(...targets.map((target) => target.width));
    const height = Math.max(...targets.map((target) => target.height));
    if (width < least - 0.5 || height < least - 0.5) {
      const name = control.dataset.testid ?? control.getAttribute("aria-label") ?? control.textContent.trim();
      problems.push(`“${name}” is ${width.toFixed(0)} × ${height.toFixed(0)}: ${control.className}`);
    }
  }
  return [...new Set(problems)];
}
