"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  if (!list) return;
  const rows = [...list.children];
  const tools = byId("tools"), find = byId("find"), type = byId("type"), sort = byId("sort");
  const code = byId("code"), clear = byId("clear"), status = byId("status"), heads = byId("heads");
  const flags = [...tools.querySelectorAll("[data-flag]")];
  const total = status.textContent;
  const number = new Intl.NumberFormat("en");
  const MOST_OPENED = 200;
  let names = null, visible = rows;

  // Names and meanings in lower case, read once when they are first needed.
  const texts = () => names ??= rows.map((row) =>
    (row.querySelector("h3").textContent + " " + row.querySelector(".g").textContent).toLowerCase());

  const pressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    const letters = flags.filter(pressed).map((button) => button.dataset.flag);
    const warning = code.hidden ? "" : code.dataset.code;
    const isAll = !wanted && !type.value && !letters.length && !warning;
    const found = wanted ? texts() : [];
    rows.forEach((row, place) => {
      const data = row.dataset;
      const stays = isAll || (
        (!wanted || found[place].includes(wanted)) &&
        (!type.value || data.t === type.value) &&
        letters.every((letter) => (data.f || "").includes(letter)) &&
        (!warning || (data.w || "").split(" ").includes(warning)));
      if (row.hidden === stays) row.hidden = !stays;
    });
    visible = [...list.children].filter((row) => !row.hidden);
    status.textContent = isAll ? total : `${number.format(visible.length)} of ${total}`;
    clear.hidden = isAll;
    byId("nothing").hidden = visible.length > 0;
  }

  const order = {
    name: (row) => row.querySelector("h3").textContent.toLowerCase(),
    t: (row) => row.dataset.t,
    m: (row) => -(row.dataset.m || 0),
    d: (row) => -(row.dataset.d || 0),
    o: (row) => -(row.dataset.o || 0),
    w: (row) => -(row.dataset.w ? row.dataset.w.split(" ").length : 0),
  };

  function arrange() {
    const key = order[sort.value];
    let sorted = rows;
    if (key) {
      const keyed = rows.map((row, place) => [key(row), place]);
      const compare = typeof keyed[0]?.[0] === "string"
        ? new Intl.Collator("en", { numeric: true }).compare : (one, other) => one - other;
      keyed.sort((one, other) => compare(one[0], other[0]) || one[1] - other[1]);
      sorted = keyed.map(([, place]) => rows[place]);
    }
    list.replaceChildren(...sorted);
    for (const head of heads.querySelectorAll("[data-sort]")) press(head, head.dataset.sort === sort.value);
    filter();
  }

  function reset() {
    find.value = type.value = "";
    flags.forEach((button) => press(button, false));
    code.hidden = true;
    filter();
  }

  // In a wide report what opens below a column lies compressed at the end of the page.
  const pieces = [...document.querySelectorAll(".piece")];
  const perPiece = Number(list.dataset.piece);
  const unpacked = new Map();
  async function unpack(piece) {
    const bytes = Uint8Array.from(atob(pieces[piece].textContent), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return (await new Response(stream).text()).split("\0");
  }
  async function fill(row) {
    if (!pieces.length || row.querySelector(".body")) return;
    const body = document.createElement("div");
    body.className = "body";
    row.append(body);
    const place = Number(row.id.slice(1)), piece = Math.floor(place / perPiece);
    try {
      if (!unpacked.has(piece)) unpacked.set(piece, unpack(piece));
      body.innerHTML = (await unpacked.get(piece))[place % perPiece];
    } catch {
      body.textContent = "This browser is too old to show it.";
    }
  }
  list.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.parentElement === list) fill(event.target);
  }, true);

  function goTo() {
    const row = /^#c\d+$/.test(location.hash) && byId(location.hash.slice(1));
    if (!row) return;
    if (row.hidden) reset();
    row.open = true;
    row.scrollIntoView();
    row.firstElementChild.focus();
  }

  let waiting;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  type.addEventListener("change", filter);
  sort.addEventListener("change", arrange);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-flag]");
    if (!button) return;
    press(button, !pressed(button));
    filter();
  });
  code.addEventListener("click", () => {
    code.hidden = true;
    filter();
    find.focus();
  });
  clear.addEventListener("click", () => {
    reset();
    find.focus();
  });
  heads.addEventListener("click", (event) => {
    const key = event.target.dataset.sort;
    if (!key) return;
    sort.value = sort.value === key ? "" : key;
    arrange();
  });
  byId("open").addEventListener("click", () => {
    visible.slice(0, MOST_OPENED).forEach((row) => { row.open = true; });
    if (visible.length > MOST_OPENED) status.textContent = `The first ${MOST_OPENED} are open.`;
  });
  byId("close").addEventListener("click", () => rows.forEach((row) => { row.open = false; }));
  for (const button of document.querySelectorAll("[data-code]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      reset();
      code.dataset.code = code.textContent = button.dataset.code;
      code.hidden = false;
      filter();
      byId("columns").scrollIntoView();
      code.focus({ preventScroll: true });
    });
  }
  list.addEventListener("keydown", (event) => {
    const row = event.target.tagName === "SUMMARY" && event.target.parentElement;
    if (!row || row.parentElement !== list || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = visible.indexOf(row);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: visible.length - 1 }[event.key];
    if (next === undefined || !visible[next]) return;
    event.preventDefault();
    visible[next].firstElementChild.focus();
  });
  addEventListener("hashchange", goTo);
  // A link to the column that is opened already changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.hash && link.hash === location.hash) setTimeout(goTo);
  });

  tools.hidden = heads.hidden = false;
  // A browser that comes back to a page may have kept what was chosen.
  if (sort.value) arrange();
  else filter();
  goTo();
})();
