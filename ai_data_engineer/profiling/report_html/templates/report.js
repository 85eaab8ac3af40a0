"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  const rows = [...list.children];
  const tools = byId("tools"), find = byId("find"), type = byId("type"), sort = byId("sort");
  const code = byId("code"), clear = byId("clear"), status = byId("status"), heads = byId("heads");
  const more = byId("more");
  const flags = [...tools.querySelectorAll("[data-flag]")];
  const total = status.textContent;
  const number = new Intl.NumberFormat("en");
  const STEP = 300; // Rows that are shown at once: a browser takes its time over ten thousand.
  const MOST_OPENED = 200;
  let names = null; // Names and meanings in lower case, read once when they are first needed.
  let sorted = rows, visible = rows, shown = STEP;

  const placeOf = (row) => Number(row.id.slice(1));
  const pressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));

  function draw() {
    // Taking ten thousand rows out one by one is slow, taking the list out is not.
    const place = document.createComment("");
    list.replaceWith(place);
    list.replaceChildren(...visible.slice(0, shown));
    place.replaceWith(list);
    tellMore();
  }

  function tellMore() {
    const rest = visible.length - shown;
    more.hidden = rest <= 0;
    more.querySelector("span").textContent =
      `${number.format(Math.min(shown, visible.length))} of ${number.format(visible.length)} are shown.`;
  }

  function showMore(until = shown + STEP) {
    list.append(...visible.slice(shown, until));
    shown = until;
    tellMore();
  }

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    const letters = flags.filter(pressed).map((button) => button.dataset.flag);
    const warning = code.hidden ? "" : code.dataset.code;
    const isAll = !wanted && !type.value && !letters.length && !warning;
    if (wanted) {
      names ??= rows.map((row) =>
        `${row.querySelector("h3").textContent} ${row.querySelector(".g").textContent}`.toLowerCase());
    }
    visible = isAll ? sorted : sorted.filter((row) =>
      (!wanted || names[placeOf(row)].includes(wanted)) &&
      (!type.value || row.dataset.t === type.value) &&
      letters.every((letter) => (row.dataset.f || "").includes(letter)) &&
      (!warning || (row.dataset.w || "").split(" ").includes(warning)));
    shown = STEP;
    draw();
    status.textContent = isAll ? total : `${number.format(visible.length)} of ${total}`;
    clear.hidden = isAll;
    byId("nothing").hidden = visible.length > 0;
  }

  const order = {
    name: (row) => row.querySelector("h3").textContent,
    t: (row) => row.dataset.t,
    m: (row) => -(row.dataset.m || 0),
    d: (row) => -(row.dataset.d || 0),
    o: (row) => -(row.dataset.o || 0),
    w: (row) => -(row.dataset.w ? row.dataset.w.split(" ").length : 0),
  };

  function arrange() {
    const key = order[sort.value];
    sorted = rows;
    if (key && rows.length) {
      const keyed = rows.map((row, place) => [key(row), place]);
      const compare = typeof keyed[0][0] === "string"
        ? new Intl.Collator("en", { numeric: true }).compare : (one, other) => one - other;
      keyed.sort((one, other) => compare(one[0], other[0]) || one[1] - other[1]);
      sorted = keyed.map(([, place]) => rows[place]);
    }
    for (const head of heads.querySelectorAll("[data-sort]")) {
      press(head, head.dataset.sort === sort.value);
    }
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
    const place = placeOf(row), piece = Math.floor(place / perPiece);
    try {
      if (!unpacked.has(piece)) unpacked.set(piece, unpack(piece));
      body.innerHTML = (await unpacked.get(piece))[place % perPiece];
    } catch {
      body.textContent = "This browser cannot show it: it is too old.";
    }
  }
  list.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.parentElement === list) fill(event.target);
  }, true);

  function goTo() {
    const row = /^#c\d+$/.test(location.hash) && rows[Number(location.hash.slice(2))];
    if (!row) return;
    if (!visible.includes(row)) reset();
    const place = visible.indexOf(row);
    if (place >= shown) showMore(place + STEP);
    row.open = true;
    row.scrollIntoView();
    row.firstElementChild.focus({ preventScroll: true });
  }

  let waiting;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  type.addEventListener("change", filter);
  sort.addEventListener("change", arrange);
  tools.addEventListener("submit", (event) => event.preventDefault());
  for (const button of flags) {
    button.addEventListener("click", () => {
      press(button, !pressed(button));
      filter();
    });
  }
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
  more.querySelector("button").addEventListener("click", () => {
    const next = visible[shown];
    showMore();
    next.firstElementChild.focus();
  });
  byId("open").addEventListener("click", () => {
    const opened = visible.slice(0, Math.min(shown, MOST_OPENED));
    opened.forEach((row) => { row.open = true; });
    if (visible.length > opened.length) {
      status.textContent = `The first ${opened.length} of ${total} are open`;
    }
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
    const place = visible.indexOf(row), last = Math.min(shown, visible.length) - 1;
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: last }[event.key];
    if (next === undefined || !visible[next]) return;
    event.preventDefault();
    if (next >= shown) showMore();
    visible[next].firstElementChild.focus();
  });
  addEventListener("hashchange", goTo);
  // A link to the column that the address names already changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.hash && link.hash === location.hash) setTimeout(goTo);
  });

  tools.hidden = heads.hidden = false;
  arrange(); // A browser that comes back to a page may have kept what was chosen.
  goTo();
})();
