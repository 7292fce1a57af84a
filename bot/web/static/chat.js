// What is shown: bubbles, buttons, labels, marks. Only text is ever put into the page, never markup.

const { labels, max, max_file, endings } = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const NAMES = { fr: "français", so: "somali", aa: "afar" };
const shown = { ids: new Map(), lastMine: null, follow: true, unread: 0 };
let language = kept.get("language") || chosenByBrowser();

function chosenByBrowser() {
  const wanted = (navigator.languages || [navigator.language]).map((code) => code.slice(0, 2).toLowerCase());
  return wanted.find((code) => labels[code]) || document.documentElement.lang;
}

function label(name) { return labels[language][name]; }

function relabel(root) {
  root.querySelectorAll("[data-label]").forEach((one) => { one.textContent = label(one.dataset.label); });
  root.querySelectorAll("[data-name]").forEach((one) => { one.setAttribute("aria-label", label(one.dataset.name)); });
  root.querySelectorAll("[data-hint]").forEach((one) => { one.placeholder = label(one.dataset.hint); });
}

function speak(code) {
  language = code;
  kept.set("language", code);
  document.documentElement.lang = code;
  relabel(document);
  retitle();
  document.querySelectorAll(".languages button").forEach((one) => {
    one.setAttribute("aria-pressed", String(one.lang === code));
  });
}

function retitle() { document.title = (shown.unread ? "(" + shown.unread + ") " : "") + label("title"); }

// ---- messages

function add(one) {
  const row = $("message").content.firstElementChild.cloneNode(true);
  row.classList.add(one.from);
  if (one.language) row.lang = one.language;
  fill(row.querySelector(".author"), one.from === "me" ? "you" : "bot");
  write(row.querySelector(".text"), one.text, one.from === "bot");
  stamp(row, new Date(one.at));
  if (one.file) row.append(attached(one.file));
  if (one.buttons) row.append(choices(one.buttons, one.wants_file));
  number(row, one.id);
  $("log").insertBefore(row, Array.from($("log").children).find((other) => place(other) > place(row)) || null);
  separate(row);
  if (row.nextElementSibling) separate(row.nextElementSibling);
  $("welcome").hidden = true;
  if (one.from === "me") shown.lastMine = row;
  return row;
}

// What the server has not numbered yet comes last.
function number(row, id) { if (id) row.dataset.id = id; }

function place(row) { return Number(row.dataset.id || Infinity); }

function fill(element, name) {
  element.dataset.label = name;
  element.textContent = label(name);
}

// Addresses in the bot's texts can be followed; everything stays text.
function write(element, text, links) {
  const parts = links ? text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]»])/) : [text];
  parts.forEach((part, index) => element.append(index % 2 ? link(part, part) : part));
}

function link(address, words) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.rel = "noopener noreferrer";
  if (/^https?:/i.test(address)) anchor.target = "_blank";
  anchor.textContent = words;
  return anchor;
}

// A picture is loaded when it comes into view: pictures cost data.
function attached(file) {
  const anchor = link(file.url, file.picture ? "" : file.name);
  anchor.className = "file";
  anchor.target = "_blank";
  if (!file.picture) { anchor.download = file.name; return anchor; }
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = file.name;
  picture.src = file.url;
  anchor.append(picture);
  return anchor;
}

function two(number) { return String(number).padStart(2, "0"); }

// Days in numbers only: Afar names of months mean different months to different people.
function stamp(row, at) {
  const time = row.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = two(at.getHours()) + ":" + two(at.getMinutes());
  row.dataset.on = dayOf(at);
}

function dayOf(at) { return two(at.getDate()) + "/" + two(at.getMonth() + 1) + "/" + at.getFullYear(); }

function separate(row) {
  const before = row.previousElementSibling ? row.previousElementSibling.dataset.on : dayOf(new Date());
  if (row.dataset.on === before) delete row.dataset.day;
  else row.dataset.day = row.dataset.on;
}

function choices(buttons, wantsFile) {
  const group = document.createElement("div");
  group.className = "buttons";
  if (wantsFile) group.append(chooser(group));
  buttons.forEach((button) => group.append(button.url ? outward(button) : choice(button, group)));
  return group;
}

function outward(button) {
  if (!/^(https?:|tel:|mailto:)/i.test(button.url)) return document.createTextNode("");
  const anchor = link(button.url, button.title);
  if (anchor.target) {
    const hint = document.createElement("span");
    hint.className = "aside";
    fill(hint, "new_tab");
    anchor.append($("arrow").content.cloneNode(true), hint);
  }
  return anchor;
}

function choice(button, group) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = button.title;
  element.dataset.payload = button.payload;
  element.addEventListener("click", () => {
    use(group, element);
    tap(button.payload, button.title);
  });
  return element;
}

// Opens the phone's own choice of files; what is chosen is sent at once.
function chooser(group) {
  const button = document.createElement("button");
  button.type = "button";
  fill(button, "attach");
  const input = document.createElement("input");
  input.type = "file";
  input.hidden = true;
  input.accept = endings.map((ending) => "." + ending).join(",");
  input.addEventListener("change", () => { if (input.files.length) upload(input.files[0], group, button); });
  button.addEventListener("click", () => input.click());
  button.append(input);
  return button;
}

function upload(file, group, button) {
  shown.follow = true;
  const row = add({ from: "me", text: "📎 " + file.name, at: new Date().toISOString() });
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", label("uploading"));
  row.append(bar);
  fill(row.querySelector(".mark"), "uploading");
  row.classList.add("unsent");
  settle();
  const fail = (name, again) => {
    bar.remove();
    row.classList.add("failed");
    fill(row.querySelector(".mark"), name);
    // It keeps its place: what comes later is shown below it.
    number(row, line.last + 0.5);
    if (again) row.append(retrying(() => { row.remove(); upload(file, group, button); }));
    settle();
  };
  if (file.size > max_file) { fail("file_too_large"); return; }
  line.upload(file, (share) => { bar.value = share; }).then((kept) => {
    row.remove();
    use(group, button);
    say({ file: kept, title: "📎 " + kept.name });
  }, (status) => {
    if (status === 413) fail("file_too_large");
    else if (status === 415 || status === 403) fail("file_refused");
    else fail("failed", true);
  });
}

function retrying(act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "again";
  fill(button, "retry");
  button.addEventListener("click", act);
  return button;
}

function use(group, chosen) {
  group.querySelectorAll("button").forEach((one) => { one.disabled = true; });
  chosen.setAttribute("aria-pressed", "true");
}

// After a reload: the last open choice above that carried what was pressed.
function useAgain(payload) {
  const open = Array.from(document.querySelectorAll(".buttons button:enabled")).reverse();
  const pressed = open.find((one) => one.dataset.payload === payload);
  if (pressed) use(pressed.parentElement, pressed);
}

function mark(id, state) {
  const row = shown.ids.get(id);
  if (!row) return;
  row.classList.toggle("unsent", state !== "sent");
  row.classList.toggle("failed", state === "failed");
  row.classList.toggle("sent", state === "sent");
  row.querySelector(".mark").classList.toggle("aside", state === "sent");
  fill(row.querySelector(".mark"), state);
  if (row.querySelector(".again")) row.querySelector(".again").remove();
  if (state === "failed") row.append(again(id));
}

function again(id) {
  return retrying(() => { mark(id, "sending"); line.again(id); });
}

// ---- what comes and goes

function showUnsent(message) {
  if (shown.ids.has(message.id)) return;
  const row = add({ from: "me", text: message.text || message.title, at: message.sent_at });
  shown.ids.set(message.id, row);
  mark(message.id, message.failed ? "failed" : "sending");
}

function heard(item) {
  if (item.from === "me") {
    if (!shown.ids.has(item.client_id)) {
      if (item.payload) useAgain(item.payload);
      shown.ids.set(item.client_id, add(item));
    }
    number(shown.ids.get(item.client_id), item.id);
    mark(item.client_id, "sent");
  } else if (!replaced(item)) {
    add(item);
    awaitAnswer(0);
    if (labels[item.language] && item.language !== language) speak(item.language);
    if (document.hidden) { shown.unread += 1; retitle(); }
  }
  settle();
}

// A message the bot has changed since, such as a report that goes on.
function replaced(item) {
  const row = document.querySelector('#log [data-id="' + item.id + '"]');
  if (!row) return false;
  row.querySelector(".text").textContent = "";
  write(row.querySelector(".text"), item.text, true);
  if (row.querySelector(".file")) row.querySelector(".file").remove();
  if (item.file) row.append(attached(item.file));
  if (row.querySelector(".buttons")) row.querySelector(".buttons").remove();
  if (item.buttons) row.append(choices(item.buttons, item.wants_file));
  return true;
}

function say(content) {
  shown.follow = true;
  showUnsent(line.say(content));
  settle();
}

function tap(payload, title) {
  const code = Object.keys(NAMES).find((one) => switching(one) === payload);
  if (code) speak(code);
  say({ payload, title });
}

function switching(code) { return '/switch_language{"language": "' + NAMES[code] + '"}'; }

let awaiting = 0;
function awaitAnswer(milliseconds) {
  clearTimeout(awaiting);
  $("typing").hidden = !milliseconds;
  if (milliseconds) awaiting = setTimeout(() => awaitAnswer(0), milliseconds);
  settle();
}

let noticing = 0;
function notice(text, after) {
  clearTimeout(noticing);
  const show = () => { $("state").textContent = text; $("state").hidden = !text; settle(); };
  if (after) noticing = setTimeout(show, after); else show();
}

// The newest is in view, but never so far that the person's own last words leave it.
function settle() {
  const area = $("scroll");
  if (shown.follow) {
    const mine = shown.lastMine ? shown.lastMine.offsetTop + $("log").offsetTop - area.offsetTop - 12 : Infinity;
    area.scrollTop = shown.target = Math.min(area.scrollHeight - area.clientHeight, mine);
  }
  $("down").hidden = below() < 120;
}

function below() {
  const area = $("scroll");
  return area.scrollHeight - area.clientHeight - area.scrollTop;
}

const line = new Line({
  item: heard,
  sent(id) {
    if (!shown.ids.has(id)) return;
    mark(id, "sent");
    notice("");
    // A quick bot's answer may be here before the confirmation.
    if (!$("log").lastElementChild.classList.contains("bot")) awaitAnswer(20000);
  },
  failed(id) { mark(id, "failed"); },
  waiting(text) { notice(text); },
  typing() { awaitAnswer(20000); },
  loaded: begin,
  state(online) { notice(online ? "" : label(navigator.onLine ? "reconnecting" : "offline"), online ? 0 : 1500); },
}, () => language);

function begin() {
  line.unsent.forEach(showUnsent);
  $("welcome").hidden = $("log").children.length > 0;
  $("said").setAttribute("aria-live", "polite");
  settle();
}

// ---- the person's hands

function submit(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  grow();
  say({ text });
}

function grow() {
  const field = $("text");
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, 132) + "px";
}

function choose(code) {
  $("options").open = false;
  if ($("welcome").hidden) tap(switching(code), labels[code].language_name);
  else speak(code);
}

document.querySelectorAll(".languages").forEach((group) => Object.keys(labels).forEach((code) => {
  const button = document.createElement("button");
  button.type = "button";
  button.lang = code;
  button.textContent = labels[code].language_name;
  button.addEventListener("click", () => choose(code));
  group.append(button);
}));
$("form").addEventListener("submit", submit);
$("text").maxLength = max;
$("text").addEventListener("input", grow);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
// Pressing "send" must not take the focus from the field, or the phone's keyboard would close and open.
$("send").addEventListener("pointerdown", (event) => event.preventDefault());
$("start").addEventListener("click", () => tap("/greet", label("start")));
$("menu").addEventListener("click", () => tap("/help", label("menu")));
$("forget").addEventListener("click", () => {
  if (!window.confirm(label("forget_confirm"))) return;
  kept.clear();
  location.reload();
});
$("down").addEventListener("click", () => { shown.follow = true; shown.lastMine = null; settle(); });
$("scroll").addEventListener("scroll", () => {
  shown.follow = below() < 80 || Math.abs($("scroll").scrollTop - shown.target) < 4;
  $("down").hidden = below() < 120;
}, { passive: true });
document.addEventListener("click", (event) => { if (!$("options").contains(event.target)) $("options").open = false; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") $("options").open = false; });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { shown.unread = 0; retitle(); } });
const view = window.visualViewport;
if (view) view.addEventListener("resize", () => {
  if (view.scale > 1.01) return;
  document.documentElement.style.setProperty("--height", view.height + "px");
  settle();
});

speak(language);
if (line.known) { $("said").setAttribute("aria-live", "off"); line.unsent.forEach(showUnsent); } else begin();
line.flush();
line.listen();
if (matchMedia("(hover: hover)").matches) $("text").focus();
