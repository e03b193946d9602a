const filters = document.querySelector("#filters");
const controls = [...(filters?.querySelectorAll("[data-filter]") ?? [])];
const items = [...document.querySelectorAll("[data-verdict]")];

function wanted() {
  return Object.fromEntries(controls.map((control) => [control.dataset.filter, control.value.trim()]));
}
function matches(item, { stage, aspect, verdict, text }) {
  const { dataset } = item;
  if (stage && dataset.stage !== stage) return false;
  if (aspect && dataset.aspect !== aspect) return false;
  if (verdict && dataset.verdict !== verdict) return false;
  if (!text) return true;
  const issue = item.closest(".issue")?.querySelector(".cause");
  item.searched ??= `${issue?.textContent ?? ""} ${item.textContent}`.toLowerCase();
  return item.searched.includes(text.toLowerCase());
}
function hideEmpty(container, filtered) {
  const inside = container.querySelectorAll("[data-verdict], [data-finding]");
  container.hidden = filtered && [...inside].every((each) => each.hidden);
}
function apply() {
  const chosen = wanted();
  const filtered = Object.values(chosen).some(Boolean);
  for (const item of items) item.hidden = !matches(item, chosen);
  for (const issue of document.querySelectorAll(".issue")) hideEmpty(issue, filtered);
  for (const bar of document.querySelectorAll("[data-finding]")) {
    const issue = document.querySelector(`#finding-${bar.dataset.finding}`)?.closest(".issue");
    bar.hidden = issue ? issue.hidden : filtered;
  }
  for (const group of document.querySelectorAll(".group")) {
    hideEmpty(group, filtered);
    group.open = filtered;
  }
  for (const section of document.querySelectorAll("[data-filtered]")) hideEmpty(section, filtered);
  markCell(chosen);
  document.querySelector("#shown").textContent = filtered ? summary() : "";
}
function markCell({ stage, aspect }) {
  for (const link of document.querySelectorAll(".map a")) {
    const here = (stage || aspect) && link.dataset.stage === stage && link.dataset.aspect === aspect;
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
function summary() {
  const kinds = [["finding", ".finding"], ["check", "tr[data-verdict]"]];
  const counts = kinds.map(([name, selector]) => {
    const all = [...document.querySelectorAll(selector)];
    const shown = all.filter((each) => !each.hidden).length;
    return `${shown} of ${all.length} ${name}${all.length === 1 ? "" : "s"}`;
  });
  return `Showing ${counts.join(" and ")}.`;
}
function choose(values) {
  for (const control of controls) control.value = values[control.dataset.filter] ?? "";
  apply();
}
function chooseCell({ stage, aspect }) {
  const chosen = wanted();
  const again = chosen.stage === stage && chosen.aspect === aspect;
  choose({ ...chosen, stage: again ? "" : stage, aspect: again ? "" : aspect });
}
function revealTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  choose({});
  openTarget();
  target.scrollIntoView();
}
if (filters) {
  filters.hidden = false;
  filters.addEventListener("input", apply);
  document.querySelector("#show-all").addEventListener("click", () => choose({}));
  document.querySelector(".map")?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    chooseCell(link.dataset);
  });
  addEventListener("hashchange", revealTarget);
}
