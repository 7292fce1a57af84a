"use strict";
// The line to the server: who we are, what is not sent yet, what has been heard. Knows nothing of how it looks.

const kept = {
  // Some browsers refuse storage in private windows; then everything lives as long as the page.
  memory: new Map(),
  get(key) {
    try { return localStorage.getItem("oscbot." + key); } catch (refused) { return this.memory.get(key) || null; }
  },
  set(key, value) {
    try { localStorage.setItem("oscbot." + key, value); } catch (refused) { this.memory.set(key, value); }
  },
  clear() {
    try {
      ["session", "unsent", "language"].forEach((key) => localStorage.removeItem("oscbot." + key));
    } catch (refused) { this.memory.clear(); }
  },
};

function randomBytes() { return Array.from(crypto.getRandomValues(new Uint8Array(16))); }

function newToken() {
  return btoa(String.fromCharCode(...randomBytes())).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function newId() {
  const bytes = randomBytes();
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Milliseconds.
const ANSWER_WITHIN = 30000;
const SILENT_AFTER = 40000;
const HIDDEN_FOR = 300000;
const POLL_EVERY = 4000;
const LONGEST_PAUSE = 30000;

class Line {
  // on: { item(item), sent(id), failed(id), waiting(message), typing(), state(online) }
  constructor(on, language) {
    this.on = on;
    this.language = language;
    this.known = kept.get("session") !== null;
    this.session = kept.get("session") || newToken();
    kept.set("session", this.session);
    this.last = 0;
    this.heard = new Set();
    this.loaded = !this.known;
    this.up = true;
    this.sending = false;
    this.deaf = !window.ReadableStream || !window.TextDecoder;
    this.wakers = new Set();
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.state(false));
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
  }

  // What is not sent yet, in order; read afresh each time since another tab may have sent it.
  get unsent() {
    try { return JSON.parse(kept.get("unsent")) || []; } catch (broken) { return []; }
  }

  keep(id, message) {
    const others = this.unsent.filter((other) => other.id !== id);
    kept.set("unsent", JSON.stringify(message ? others.concat(message) : others));
  }

  say(content) {
    const message = Object.assign({ id: newId(), sent_at: new Date().toISOString() }, content);
    this.keep(message.id, message);
    this.flush();
    return message;
  }

  again(id) {
    const tried = (one) => (one.id === id ? Object.assign({}, one, { failed: false }) : one);
    kept.set("unsent", JSON.stringify(this.unsent.map(tried)));
    this.flush();
  }

  async flush() {
    if (this.sending) return;
    this.sending = true;
    for (let pause = 1000, next; (next = this.unsent.find((one) => !one.failed));) {
      const wait = await this.post(next);
      if (wait === 0) pause = 1000;
      else await this.rest(wait || pause);
      if (wait === null) pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    this.sending = false;
  }

  // 0 when it need not be tried again, milliseconds when the server asks to wait, null when it was not reached.
  async post(message) {
    try {
      const body = Object.assign({ session: this.session, language: this.language() }, message);
      const answer = await this.ask("messages", { method: "POST", body: JSON.stringify(body) });
      if (answer.ok) this.done(message.id);
      else if (answer.status === 429) {
        this.tell("waiting", (await answer.json()).message);
        return 1000 * (Number(answer.headers.get("Retry-After")) || 5);
      } else if (answer.status < 500) {
        this.keep(message.id, Object.assign({}, message, { failed: true }));
        this.tell("failed", message.id);
      } else return null;
      return 0;
    } catch (unreached) {
      this.state(false);
      return null;
    }
  }

  // Resolves with what the server calls the file; rejects with its status, 0 when it was not reached.
  upload(file, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", "chat/files");
      request.setRequestHeader("X-Chat-Session", this.session);
      request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      request.addEventListener("load", () => {
        if (request.status === 201) resolve(JSON.parse(request.responseText));
        else reject(request.status);
      });
      request.addEventListener("error", () => reject(0));
      request.send(file);
    });
  }

  done(id) {
    this.keep(id, null);
    this.tell("sent", id);
  }

  // Later, so that an error in what is shown is reported and does not cut the line.
  tell(name, about) { queueMicrotask(() => this.on[name](about)); }

  state(up) {
    if (up !== this.up) this.tell("state", up);
    this.up = up;
  }

  async ask(path, options) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), ANSWER_WITHIN);
    try {
      return await this.fetch(path, Object.assign({ signal: control.signal }, options));
    } finally { clearTimeout(timer); }
  }

  fetch(path, options) {
    const headers = { "X-Chat-Session": this.session, "Accept-Language": this.language() };
    if (options.body) headers["Content-Type"] = "application/json";
    return fetch("chat/" + path, Object.assign({ headers, cache: "no-store" }, options));
  }

  async listen() {
    for (let pause = 1000; ;) {
      try {
        if (!this.loaded) await this.load("");
        const heard = () => { pause = 1000; this.state(true); };
        if (this.deaf) await this.poll(heard);
        else await this.stream(heard);
      } catch (broken) { this.state(false); }
      await this.rest(pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async load(after) {
    const answer = await this.ask("history" + after);
    if (!answer.ok) throw new Error("history: " + answer.status);
    (await answer.json()).items.forEach((item) => this.hear(item));
    if (!this.loaded) this.tell("loaded");
    this.loaded = true;
  }

  async stream(heard) {
    const abort = this.open = new AbortController();
    let timer = 0, silent = true;
    const watch = () => {
      clearTimeout(timer);
      // A proxy that holds streams back lets nothing through at all; then we ask from time to time instead.
      timer = setTimeout(() => { this.deaf = silent; abort.abort(); }, SILENT_AFTER);
    };
    try {
      watch();
      const answer = await this.fetch("events?after=" + this.last, { signal: abort.signal });
      if (!answer.ok) throw new Error("events: " + answer.status);
      const reader = answer.body.getReader(), decoder = new TextDecoder();
      for (let buffer = "", part; !(part = await reader.read()).done;) {
        silent = false;
        watch();
        heard();
        const blocks = (buffer + decoder.decode(part.value, { stream: true })).split("\n\n");
        buffer = blocks.pop();
        blocks.forEach((block) => this.event(block));
      }
    } finally { clearTimeout(timer); }
  }

  async poll(heard) {
    for (;;) {
      await this.load("?after=" + this.last);
      heard();
      await this.rest(POLL_EVERY);
    }
  }

  event(block) {
    const fields = {};
    block.split("\n").forEach((line) => {
      const at = line.indexOf(": ");
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
    });
    if (fields.event === "message") this.hear(JSON.parse(fields.data));
    if (fields.event === "typing") this.tell("typing");
  }

  hear(item) {
    if (this.heard.has(item.id) && !item.edited) return;
    this.heard.add(item.id);
    this.last = Math.max(this.last, item.id);
    if (item.client_id && this.unsent.some((one) => one.id === item.client_id)) this.done(item.client_id);
    this.tell("item", item);
  }

  // A page nobody looks at costs data; it leaves the line after a while and comes back when looked at.
  seen(visible) {
    clearTimeout(this.leaving);
    this.away = false;
    if (visible) this.wake();
    else this.leaving = setTimeout(() => { this.away = true; if (this.open) this.open.abort(); }, HIDDEN_FOR);
  }

  wake() { this.wakers.forEach((waker) => waker()); }

  rest(pause) {
    return new Promise((resolve) => {
      const go = () => { clearTimeout(timer); this.wakers.delete(go); resolve(); };
      const timer = setTimeout(() => { if (!this.away) go(); }, pause);
      this.wakers.add(go);
    });
  }
}
