"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const meta = JSON.parse($("meta").textContent);
  const parsed = new Map();
  const department = (n) => {
    if (!parsed.has(n)) parsed.set(n, JSON.parse($("d" + n).textContent));
    return parsed.get(n);
  };
  const third = new Map(meta.thirds.map((t) => [t[0], t]));
  const number = (x) => (x === null || x === undefined ? "—" : String(Math.round(x * 100) / 100));

  // Every text goes through text nodes; nothing here writes HTML.
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "class") node.className = value;
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== ""));
    return node;
  };
  const opener = (open, ...children) => el("button", { "data-open": open, type: "button" }, ...children);
  const table = (heads, rows) =>
    el("div", { class: "scroll" }, el("table", { class: "plain" },
      el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, rows)));
  const cells = (...values) => el("tr", {}, values.map((v) => el("td", typeof v === "number" ? { class: "num" } : {}, typeof v === "number" ? number(v) : v)));
  const KINDS = { 达标: "ok", 未达标: "no", 无法核实: "un" };
  const tag = (word) => el("span", { class: "tag " + (KINDS[word] || "hx") }, word);

  // ---------------------------------------------------------------- pieces

  const item = (d, at, here) => {
    const [text, source, place, code, also, serial, confidence, state, role, second, dates] = d.e[at];
    const [path, href] = d.p[source];
    return el("article", { class: "item" + (state === "待审阅" ? " doubt" : "") + (here ? " here" : "") },
      el("blockquote", {}, text),
      el("div", { class: "meta" },
        serial ? el("b", {}, serial) : null,
        el("a", { href, target: "_blank", rel: "noopener" }, path), el("span", {}, place),
        code ? el("span", { class: "code" }, [code, ...also].join("、")) : null,
        el("span", {}, `${state}·${role}`), el("span", {}, `把握${confidence}%`),
        second ? el("span", {}, `第二可能：${second[0] || "不属于任何指标"}（${second[1]}%）`) : null,
        dates.length ? el("span", {}, dates.join("、")) : null));
  };
  const items = (d, list) => list.map((at) => item(d, at));
  const verdict = (d, v, withEvidence) => {
    const [text, least, found, word, missing, dates, reason, evidence] = v;
    return el("div", { class: "verdict" },
      el("div", {}, tag(word), " ", text),
      el("p", {}, [least ? `要求${least}` : "", found === null ? "" : `查到${number(found)}`, missing.length ? `缺${missing.join("、")}` : "", reason].filter(Boolean).join("；")),
      dates.length ? el("p", {}, "日期：" + dates.join("、")) : null,
      withEvidence && evidence.length ? items(d, evidence) : null);
  };
  const cutNote = (d) => (d.cut ? el("p", { class: "lead" }, `另有${d.cut}段因篇幅未收入本页，见评分表的“佐证”页和 evidence.jsonl。`) : null);
  const ofCode = (d, code) => d.e.map((e, at) => [e, at]).filter(([e]) => e[3] === code || e[4].includes(code)).map(([, at]) => at);
  const sums = (...pairs) => el("p", { class: "sums" }, pairs.map(([name, value]) => (value === null ? el("span", { class: "tag un" }, name) : el("span", {}, el("b", {}, value), name))));
  const points = (s) => (s[6] ? (s[4] === null ? "未定" : number(s[4])) : "不适用");

  // ---------------------------------------------------------------- panels: name -> (arguments) -> [title, nodes]

  const panels = {
    cell(n, code) {
      const d = department(n);
      const s = d.s.find((row) => row[0] === code);
      const [, text, first, second] = third.get(code);
      const list = [...new Set([...(s ? s[9] : []), ...ofCode(d, code)])];
      return [`${meta.departments[n]}　${code}`, [
        el("p", { class: "lead" }, `${first} › ${second}`), el("p", {}, text),
        s ? sums(["得分", points(s)], ["分值", number(s[1])], ["自评", number(s[2])], ["建议", s[3] === null ? "未定" : number(s[3])], [s[5] ? "已复核" : "待人工核对", null]) : null,
        s && s[7].length ? el("ul", { class: "reasons" }, s[7].map((r) => el("li", {}, r))) : null,
        s && s[8].length ? [el("h3", {}, "任务要求"), s[8].map((v) => verdict(d, v, false))] : null,
        el("h3", {}, `佐证（${list.length}）`),
        list.length ? items(d, list) : el("p", { class: "none" }, "报送的材料里没有找到。"), cutNote(d)]];
    },
    department(n) {
      const d = department(n);
      return [meta.departments[n], [
        d.n.length ? el("ul", { class: "reasons" }, d.n.map((note) => el("li", {}, note))) : null,
        el("p", {}, opener(`scores:${n}`, "逐项得分"), "　", opener(`files:${n}`, `文件（${d.f.length}）`), "　", opener(`verdicts:${n}:all`, "任务要求"), "　", opener(`passages:${n}:review`, "待审阅段落")),
        scoreTable(n, d)]];
    },
    scores: (n) => [`${meta.departments[n]}　逐项得分`, [scoreTable(n, department(n))]],
    verdicts(n, which) {
      const d = department(n);
      const word = { met: "达标", unmet: "未达标", unknown: "无法核实" }[which];
      const list = d.s.flatMap((s) => s[8]).filter((v) => !word || v[3] === word);
      return [`${meta.departments[n]}　${word || "任务要求"}（${list.length}）`, list.map((v) => verdict(d, v, true))];
    },
    verdict(n, id) {
      const d = department(n);
      const s = d.s.find((row) => row[8].some((v) => v[8] === id));
      return [`${meta.departments[n]}　任务要求`, s ? [
        el("p", {}, opener(`cell:${n}:${s[0]}`, `${s[0]} ${third.get(s[0])[1]}`)),
        verdict(d, s[8].find((v) => v[8] === id), true)] : [el("p", { class: "none" }, "本单位没有这项要求的结论。")]];
    },
    passages(n, which) {
      const d = department(n);
      const word = { accepted: "已采纳", review: "待审阅" }[which];
      const list = d.e.map((e, at) => [e, at]).filter(([e]) => e[7] === word).map(([, at]) => at);
      return [`${meta.departments[n]}　${word}（${list.length}）`, [list.length ? items(d, list) : el("p", { class: "none" }, "没有。"), cutNote(d)]];
    },
    passage(n, at) {
      const d = department(n);
      const code = d.e[at][3];
      return [`${meta.departments[n]}　待审阅段落`, [item(d, at, true),
        el("p", { class: "lead" }, "在“审阅清单.xlsx”或总结初稿里决定它归入哪一项。"),
        code ? el("p", {}, opener(`cell:${n}:${code}`, `看 ${code} 的得分和全部佐证`)) : null]];
    },
    files(n) {
      const d = department(n);
      return [`${meta.departments[n]}　文件（${d.f.length}）`, [table(["文件", "情形", "段落", "说明"],
        d.f.map(([path, word, reason, count]) => cells(el("span", { class: "path" }, path), word === "未读出" ? el("span", { class: "tag no" }, word) : word, count, reason)))]];
    },
    conflict(n, at) {
      const d = department(n);
      const [kind, message, evidence] = d.x[at];
      return [`${meta.departments[n]}　${kind}`, [el("p", {}, message), items(d, evidence)]];
    },
    column(code) {
      const [, text, first, second] = third.get(code);
      const at = meta.thirds.findIndex((t) => t[0] === code);
      const rows = [...document.querySelectorAll("table.heat tbody tr")].map((tr) => [Number(tr.dataset.n), tr.cells[at + 2]]);
      const rank = (td) => (td.textContent === "?" ? -1 : td.textContent === "" || td.textContent === "—" ? 1000 : Number(td.textContent));
      rows.sort((a, b) => rank(a[1]) - rank(b[1]));
      return [`${code}　各单位`, [el("p", { class: "lead" }, `${first} › ${second}`), el("p", {}, text),
        table(["单位", "得分率"], rows.map(([n, td]) => cells(opener(`cell:${n}:${code}`, meta.departments[n]), el("span", { class: "tile " + td.className }, td.textContent === "?" ? "未定" : td.textContent ? td.textContent + (td.textContent === "—" ? "" : "%") : "未报送"))))]];
    },
    requirement(at) {
      const id = meta.asked[at];
      const head = document.querySelectorAll("table.asked thead button")[at];
      const rows = [...document.querySelectorAll("table.asked tbody tr")].map((tr) => [Number(tr.dataset.n), tr.cells[Number(at) + 1]]);
      const words = { ok: "达标", no: "未达标", un: "无法核实" };
      const order = { no: 0, un: 1, ok: 2, hx: 3 };
      rows.sort((a, b) => order[a[1].className] - order[b[1].className]);
      return ["任务要求　各单位", [el("p", {}, head.title),
        table(["单位", "结论"], rows.map(([n, td]) => cells(opener(`verdict:${n}:${id}`, meta.departments[n]), tag(words[td.className] || "—"))))]];
    },
    list(which) {
      const column = { present: 0, files: "files", accepted: "accepted", met: "met", unmet: "unmet", unknown: "unknown" };
      const title = { present: "各单位报送情况", files: "各单位文件", accepted: "各单位佐证", met: "达标的要求", unmet: "未达标的要求", unknown: "无法核实的要求" }[which];
      if (["met", "unmet", "unknown"].includes(which)) {
        const word = { met: "达标", unmet: "未达标", unknown: "无法核实" }[which];
        const rows = meta.departments.flatMap((name, n) => (missing(n) ? [] : department(n).s.flatMap((s) => s[8].filter((v) => v[3] === word).map((v) =>
          cells(name, opener(`verdict:${n}:${v[8]}`, s[0]), v[0], v[4].length ? "缺" + v[4].join("、") : "")))));
        return [`${title}（${rows.length}）`, [table(["单位", "指标", "要求", ""], rows)]];
      }
      const rows = meta.departments.map((name, n) => {
        if (column[which] === 0) return cells(opener(`department:${n}`, name), missing(n) ? el("span", { class: "tag no" }, "未报送") : "已报送");
        const d = department(n);
        return which === "files" ? cells(opener(`files:${n}`, name), d.f.length) : cells(opener(`passages:${n}:accepted`, name), d.e.filter((e) => e[7] === "已采纳").length);
      });
      return [title, [table(["单位", ""], rows)]];
    },
  };
  const scoreTable = (n, d) => table(["指标", "内容", "得分", "分值", "自评", "理由"], d.s.map((s) =>
    cells(opener(`cell:${n}:${s[0]}`, s[0]), third.get(s[0])[1].slice(0, 34) + "…", points(s), s[1], s[2] === null ? "—" : s[2], s[7].join("；"))));
  const flagsOf = new Map([...document.querySelectorAll("table.list tbody tr")].map((tr) => [Number(tr.dataset.n), tr.dataset.flags.split(" ")]));
  const missing = (n) => flagsOf.get(n).includes("missing");

  // ---------------------------------------------------------------- the panel

  const panel = $("panel");
  const trail = [];
  const draw = () => {
    const [name, ...rest] = trail[trail.length - 1].split(":");
    const [title, nodes] = panels[name](...rest.map((r) => (/^\d+$/.test(r) ? Number(r) : r)));
    $("panel-title").textContent = title;
    $("panel-body").replaceChildren(...nodes.flat(Infinity).filter(Boolean));
    $("panel-body").scrollTop = 0;
    $("back").hidden = trail.length < 2;
  };
  const open = (what) => {
    trail.push(what);
    draw();
    if (!panel.open) panel.showModal();
    $("panel-body").focus();
  };
  panel.addEventListener("close", () => { trail.length = 0; });
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  $("close").addEventListener("click", () => panel.close());
  $("back").addEventListener("click", () => { trail.pop(); draw(); });

  const cellTarget = (td) => {
    const grid = td.closest("table.grid");
    const n = td.parentElement.dataset.n;
    if (grid.classList.contains("heat")) return td.cellIndex > 1 ? `cell:${n}:${meta.thirds[td.cellIndex - 2][0]}` : `scores:${n}`;
    return `verdict:${n}:${meta.asked[td.cellIndex - 1]}`;
  };
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-open], [data-jump], [data-filter], [data-sort], [data-expand], table.grid tbody td");
    if (!hit) return;
    if (hit.dataset.open) open(hit.dataset.open);
    else if (hit.dataset.jump) $(hit.dataset.jump).scrollIntoView();
    else if (hit.dataset.filter !== undefined) choose(hit);
    else if (hit.dataset.sort) sort(hit);
    else if (hit.dataset.expand) expand(hit.dataset.expand);
    else open(cellTarget(hit));
  });

  // ---------------------------------------------------------------- keyboard: arrows in the grids, / to search

  for (const grid of document.querySelectorAll("table.grid")) {
    const first = grid.querySelector("tbody td");
    if (first) first.tabIndex = 0;
  }
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, dialog")) {
      event.preventDefault();
      $("search").focus();
      return;
    }
    const td = event.target.closest("table.grid tbody td");
    if (!td) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(cellTarget(td));
    } else if (STEPS[event.key]) {
      event.preventDefault();
      const [down, right] = STEPS[event.key];
      let row = td.parentElement;
      if (down) do row = down > 0 ? row.nextElementSibling : row.previousElementSibling; while (row && !row.offsetParent);
      const next = row && row.cells[td.cellIndex + right];
      if (next && next.tagName === "TD") {
        td.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    }
  });

  // ---------------------------------------------------------------- filter, sort, expand

  const rows = [...document.querySelectorAll("tr[data-n], [data-row]")];
  let flag = "";
  let words = "";
  const keeps = (n) => (!flag || flagsOf.get(n).includes(flag)) && (!words || meta.departments[n].toLowerCase().includes(words));
  const apply = () => {
    const named = meta.departments.some((name) => name.toLowerCase().includes(words));
    if (!named) words = "";
    const keep = meta.departments.map((_, n) => keeps(n));
    for (const row of rows) row.classList.toggle("out", !keep[Number(row.dataset.n)]);
    document.body.classList.toggle("all-rows", expanded || Boolean(flag || words));
    const count = keep.filter(Boolean).length;
    $("shown").textContent = flag || words ? `显示${count}个单位` : "";
  };
  const choose = (button) => {
    for (const other of document.querySelectorAll("[data-filter]")) other.setAttribute("aria-pressed", String(other === button));
    flag = button.dataset.filter;
    apply();
  };
  let expanded = false;
  const expand = (what) => {
    document.body.classList.add("all-" + what);
    if (what === "rows") expanded = true;
    for (const button of document.querySelectorAll(`[data-expand="${what}"]`)) button.remove();
  };
  const KEYS = { rank: "rank", total: "total", open: "unsettled", unmet: "unmet", review: "review" };
  const sort = (button) => {
    const head = button.closest("th");
    const falling = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : button.dataset.sort !== "rank";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const body = head.closest("table").tBodies[0];
    const key = KEYS[button.dataset.sort];
    body.append(...[...body.rows].sort((a, b) => (falling ? -1 : 1) * (a.dataset[key] - b.dataset[key]) || a.dataset.n - b.dataset.n));
  };

  // ---------------------------------------------------------------- search

  const LIMIT = 60;
  const marked = (text, word) => {
    const at = text.toLowerCase().indexOf(word);
    const from = Math.max(0, at - 40);
    return [from ? "…" : "", text.slice(from, at), el("mark", {}, text.slice(at, at + word.length)), text.slice(at + word.length, at + word.length + 90)];
  };
  let ticket = 0;
  const search = (word) => {
    const mine = ++ticket;
    const found = [];
    $("hits").hidden = word.length < 2;
    if (word.length < 2) return;
    for (const [code, text] of meta.thirds)
      if (code.includes(word) || text.toLowerCase().includes(word)) found.push(el("li", {}, opener(`column:${code}`, el("span", { class: "meta" }, el("b", {}, `指标 ${code}`)), el("q", {}, text.slice(0, 80)))));
    let n = 0;
    let total = 0;
    const step = () => {
      if (mine !== ticket) return;
      const until = performance.now() + 20;
      while (n < meta.departments.length && performance.now() < until) {
        const d = department(n);
        d.e.forEach((e, at) => {
          if (!e[0].toLowerCase().includes(word)) return;
          total += 1;
          if (total <= LIMIT) found.push(el("li", {}, opener(`found:${n}:${at}`, el("span", { class: "meta" }, el("b", {}, meta.departments[n]), el("span", { class: "code" }, e[3]), el("span", {}, e[5])), el("q", {}, marked(e[0], word)), el("span", { class: "meta" }, d.p[e[1]][0], " ", e[2]))));
        });
        n += 1;
      }
      if (n < meta.departments.length) setTimeout(step);
      else {
        $("hit-count").textContent = total > LIMIT ? `共${total}段，列出前${LIMIT}段` : `${total}段`;
        $("hit-list").replaceChildren(found.length ? el("ol", { class: "todo" }, found) : el("p", { class: "none" }, "没有找到。"));
      }
    };
    step();
  };
  panels.found = (n, at) => {
    const d = department(n);
    const code = d.e[at][3];
    return [meta.departments[n], [item(d, at, true), code ? el("p", {}, opener(`cell:${n}:${code}`, `看 ${code} 的得分和全部佐证`)) : null]];
  };
  let wait = 0;
  $("search").addEventListener("input", (event) => {
    clearTimeout(wait);
    wait = setTimeout(() => {
      const word = event.target.value.trim().toLowerCase();
      words = word;
      apply();
      search(word);
    }, 120);
  });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.target.value = "";
      event.target.dispatchEvent(new Event("input"));
    }
  });

  // ---------------------------------------------------------------- light and dark

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let theme = null;
  try { theme = localStorage.getItem("shuangchuang-theme"); } catch { /* a browser may forbid storage for files */ }
  const paint = () => { document.documentElement.dataset.theme = theme || (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", paint);
  $("theme").addEventListener("click", () => {
    theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("shuangchuang-theme", theme); } catch { /* then it holds for this visit only */ }
    paint();
  });
  paint();
  document.documentElement.dataset.ready = "1";
})();
