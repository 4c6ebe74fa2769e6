"use strict";
// The console's only script of its own: keys, theme, copying, and saying at once when the link is lost.
window.beacon = (() => {
  let page = null;
  let lostAt = null;

  // Nothing is typed into a check box: there the page's keys go on working.
  const inField = target => target instanceof HTMLElement &&
    (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox"));

  const onKey = event => {
    if (page && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector(".sheet[aria-modal=true]")) page.invokeMethodAsync("Key", "Ctrl K");
      return;
    }
    if (!page || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (inField(event.target) && event.key !== "Escape") return;
    if (document.querySelector(".mud-dialog-container, .sheet[aria-modal=true]") && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.closest("button, a")) return;
    if (event.key.length > 1 && !/^(Escape|Enter|ArrowUp|ArrowDown|ArrowLeft|ArrowRight|Home|End|PageUp|PageDown)$/.test(event.key)) return;
    if (/^(ArrowUp|ArrowDown)$/.test(event.key)) event.preventDefault();
    page.invokeMethodAsync("Key", event.key);
  };

  // A form's button is off until the server has seen what is typed, and a browser sends no form whose button is off: Enter right behind the last
  // letter would be lost. It waits for the button, unless the person goes on typing or leaves.
  const lateEnter = event => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || !(field instanceof HTMLInputElement) || !field.form) return;
    const [button, text, until] = [field.form.querySelector("[type=submit]"), field.value, Date.now() + 3000];
    if (!button?.disabled || text.trim() === "") return;
    const look = () => {
      if (!field.isConnected || document.activeElement !== field || field.value !== text) return;
      if (!button.disabled) field.form.requestSubmit(button);
      else if (Date.now() < until) setTimeout(look, 30);
    };
    look();
  };

  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false });

  const showLost = lost => {
    let banner = document.getElementById("lost");
    if (!lost) {
      lostAt = null;
      banner?.remove();
      return;
    }
    if (banner) return;
    lostAt = clock();
    const since = Date.now();
    banner = document.createElement("div");
    banner.id = "lost";
    banner.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = document.body.dataset.lost.replace("{0}", lostAt) + " " + document.body.dataset.retry;
    // Seen, not read aloud each second.
    const age = document.createElement("span");
    age.setAttribute("aria-hidden", "true");
    const grow = () => {
      age.textContent = document.body.dataset.seconds.replace("{0}", String(Math.round((Date.now() - since) / 1000)));
      if (!banner.isConnected) clearInterval(ticks);
    };
    const now = document.createElement("button");
    now.className = "btn";
    now.textContent = document.body.dataset.lostNow;
    now.addEventListener("click", () => location.reload());
    banner.append(words, age, now);
    document.body.append(banner);
    const ticks = setInterval(grow, 1000);
    grow();
  };

  // Blazor puts classes on this element as the circuit comes and goes.
  const watchLink = () => {
    const modal = document.createElement("div");
    modal.id = "components-reconnect-modal";
    modal.hidden = true;
    document.body.append(modal);
    new MutationObserver(() => {
      const c = modal.classList;
      showLost(c.contains("components-reconnect-show") || c.contains("components-reconnect-failed") || c.contains("components-reconnect-rejected"));
      if (c.contains("components-reconnect-rejected") || c.contains("components-reconnect-failed")) reloadWhenBack();
    }).observe(modal, { attributes: true, attributeFilter: ["class"] });
  };

  const reloadWhenBack = async () => {
    for (;;) {
      try {
        const answer = await fetch("/health/live", { cache: "no-store" });
        if (answer.ok) { location.reload(); return; }
      } catch { /* still away */ }
      await new Promise(done => setTimeout(done, 2000));
    }
  };

  document.addEventListener("click", event => {
    const button = event.target instanceof Element ? event.target.closest("[data-show]") : null;
    const field = button && document.getElementById(button.dataset.show);
    if (!field) return;
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.showWord : button.dataset.hideWord;
    button.setAttribute("aria-pressed", String(!shown));
  });

  document.addEventListener("DOMContentLoaded", watchLink);
  document.addEventListener("keydown", lateEnter);
  if (document.readyState !== "loading") watchLink();

  return {
    start(reference) {
      page = reference;
      document.addEventListener("keydown", onKey);
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    stop() {
      page = null;
      document.removeEventListener("keydown", onKey);
    },
    theme(name) {
      document.documentElement.dataset.theme = name;
      document.cookie = `beacon.theme=${name};path=/;max-age=31536000;samesite=strict`;
    },
    muted() {
      return localStorage.getItem("beacon.muted") === "1";
    },
    mute(on) {
      localStorage.setItem("beacon.muted", on ? "1" : "0");
    },
    async copy(text) {
      await navigator.clipboard.writeText(text);
    },
    reveal(id) {
      document.getElementById(id)?.scrollIntoView({ block: "nearest" });
    },
    focus(id) {
      document.getElementById(id)?.focus();
    },
    // Behind the answer to the server: the browser's own dialogue holds everything up while it is open.
    print() {
      setTimeout(() => window.print(), 50);
    },
    // A windowed list has no scroll anchoring of the browser's: what is picked keeps its place while lines come and go above it.
    anchor(id) {
      const box = document.getElementById(id);
      if (!box) return;
      let picked = null, top = 0;
      const note = () => {
        picked = box.querySelector("[aria-selected=true]");
        top = picked ? picked.getBoundingClientRect().top - box.getBoundingClientRect().top : 0;
      };
      box.addEventListener("scroll", note, { passive: true });
      new MutationObserver(() => {
        if (picked?.isConnected && picked.getAttribute("aria-selected") === "true" && box.scrollTop > 0 && top > -picked.offsetHeight && top < box.clientHeight) {
          const moved = picked.getBoundingClientRect().top - box.getBoundingClientRect().top - top;
          if (Math.abs(moved) > 1) box.scrollTop += moved;
        }
        note();
      }).observe(box, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected"] });
    },
    // A line of a windowed list may not be drawn yet: its place is gone to, and it is drawn there.
    revealAt(id, listId, index, height) {
      const line = document.getElementById(id);
      if (line) { line.scrollIntoView({ block: "nearest" }); return; }
      const list = document.getElementById(listId), box = list?.parentElement;
      if (box) box.scrollTop = list.offsetTop - box.offsetTop + index * height - (box.clientHeight - height) / 2;
    },
    // Another list begins at its top.
    toTop(listId) {
      const box = document.getElementById(listId)?.parentElement;
      if (box) box.scrollTop = 0;
    },
    // The query bar: where the caret stands, and the keys that completion takes while it offers something.
    bar(id, reference) {
      const field = document.getElementById(id);
      if (!field) return;
      const told = () => reference.invokeMethodAsync("Typed", field.value, field.selectionStart ?? field.value.length);
      field.addEventListener("input", told);
      // What was typed before anybody listened.
      if (field.value !== field.defaultValue) told();
      field.addEventListener("keydown", event => {
        if (field.getAttribute("aria-expanded") !== "true" || event.isComposing) return;
        const chosen = field.hasAttribute("aria-activedescendant");
        if (!["ArrowDown", "ArrowUp", "Escape"].includes(event.key) && !(event.key === "Tab" && !event.shiftKey) && !(event.key === "Enter" && chosen)) return;
        event.preventDefault();
        event.stopPropagation();
        reference.invokeMethodAsync("Pressed", event.key);
      });
      field.addEventListener("blur", () => setTimeout(() => { if (page && document.activeElement !== field && field.getAttribute("aria-expanded") === "true") reference.invokeMethodAsync("Left"); }, 200));
    },
    // The editor of a rule: what is typed, the keys that completion takes while it offers something, and commands with Ctrl.
    editor(id, reference) {
      const field = document.getElementById(id);
      if (!field) return;
      const told = name => reference.invokeMethodAsync(name, field.value, field.selectionStart ?? field.value.length);
      field.addEventListener("input", () => told("Typed"));
      if (field.value !== field.defaultValue) told("Typed");
      field.addEventListener("keydown", event => {
        if (event.isComposing) return;
        const open = field.dataset.open === "true";
        const take = act => {
          event.preventDefault();
          event.stopPropagation();
          act();
        };
        if (event.ctrlKey && (event.key === " " || event.code === "Space")) take(() => told("Asked"));
        else if (event.ctrlKey && !event.altKey && (event.key === "s" || event.key === "Enter")) take(() => reference.invokeMethodAsync("Command", event.key));
        else if (event.ctrlKey && !event.altKey && event.key === ".") take(() => told("Mended"));
        else if (event.key === "F8") take(() => reference.invokeMethodAsync("Command", "F8"));
        else if (open && (/^(ArrowDown|ArrowUp|Escape|Enter)$/.test(event.key) || (event.key === "Tab" && !event.shiftKey))) take(() => reference.invokeMethodAsync("Pressed", event.key));
      });
      field.addEventListener("blur", () => setTimeout(() => { if (page && document.activeElement !== field && field.dataset.open === "true") reference.invokeMethodAsync("Away"); }, 200));
    },
    // Writes into a text field as a hand would, so that the browser's own undo takes it back.
    edit(id, start, length, text) {
      const field = document.getElementById(id);
      if (!field) return;
      field.focus();
      field.setSelectionRange(start, start + length);
      if (text.length > 0 ? document.execCommand("insertText", false, text) : document.execCommand("delete")) return;
      field.setRangeText(text, start, start + length, "end");
      field.dispatchEvent(new Event("input"));
    },
    value(id) {
      return document.getElementById(id)?.value ?? "";
    },
    setValue(id, text) {
      const field = document.getElementById(id);
      if (field && field.value !== text) field.value = text;
    },
    setBar(id, text, caret) {
      const field = document.getElementById(id);
      if (!field) return;
      field.value = text;
      field.focus();
      field.setSelectionRange(caret, caret);
    },
    // A span drawn with the pointer over a chart: told as two shares of its width.
    brush(id, reference) {
      const chart = document.getElementById(id), mark = document.getElementById(id + "-drag");
      if (!chart || !mark) return;
      let from = null;
      const share = event => {
        const box = chart.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      };
      const draw = to => {
        const width = chart.viewBox.baseVal.width;
        mark.setAttribute("x", Math.min(from, to) * width);
        mark.setAttribute("width", Math.abs(to - from) * width);
      };
      chart.addEventListener("pointerdown", event => {
        if (event.button !== 0) return;
        from = share(event);
        chart.setPointerCapture(event.pointerId);
      });
      chart.addEventListener("pointermove", event => { if (from !== null) draw(share(event)); });
      chart.addEventListener("pointerup", event => {
        if (from === null) return;
        reference.invokeMethodAsync("Brushed", from, share(event));
        mark.setAttribute("width", 0);
        from = null;
      });
      chart.addEventListener("pointercancel", () => {
        from = null;
        mark.setAttribute("width", 0);
      });
    },
    // Prints one frame: a report, not the console around it.
    printFrame(id) {
      document.getElementById(id)?.contentWindow?.print();
    },
    // Puts the caret of a text field at a line and column, both from 1.
    caret(id, line, column) {
      const field = document.getElementById(id);
      if (!field) return;
      const lines = field.value.split("\n");
      const at = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
      field.focus();
      field.setSelectionRange(at, Math.min(at + 1, field.value.length));
    },
    // Saves what the server made as a file, without a link that would carry it.
    save(name, type, text) {
      const url = URL.createObjectURL(new Blob([text], { type }));
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      URL.revokeObjectURL(url);
    },
    // False where the browser keeps a page silent until somebody pressed a key on it.
    mayChime() {
      return navigator.userActivation ? navigator.userActivation.hasBeenActive : true;
    },
    // Two soft tones, made here: no sound file, nothing to fetch.
    chime() {
      const audio = new AudioContext();
      [660, 880].forEach((pitch, i) => {
        const tone = audio.createOscillator(), gain = audio.createGain();
        tone.frequency.value = pitch;
        gain.gain.setValueAtTime(0.08, audio.currentTime + i * 0.22);
        gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + i * 0.22 + 0.2);
        tone.connect(gain).connect(audio.destination);
        tone.start(audio.currentTime + i * 0.22);
        tone.stop(audio.currentTime + i * 0.22 + 0.22);
      });
    },
  };
})();
