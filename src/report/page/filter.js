const form = document.querySelector('form.filters');
const changes = [...document.querySelectorAll('.change')];
const nodes = [...document.querySelectorAll('.node')];
const parts = [...document.querySelectorAll('main > section')];
const folds = [...document.querySelectorAll('.below')];
const openAtFirst = new Set(folds.filter((fold) => fold.open));

// '0-3 7' as [[0, 3], [7, 7]]
const ranges = (text) => text.split(' ').filter(Boolean).map((range) => {
  const [first, last = first] = range.split('-').map(Number);
  return [first, last];
});
const meet = (some, others) => some.some(([first, last]) => others.some(([from, to]) => first <= to && from <= last));
const places = new Map([...document.querySelectorAll('#places option')].map((option) => [option.value, option.dataset.accounts]));

const texts = new Map();
function textOf(change) {
  if (!texts.has(change)) texts.set(change, change.textContent.toLowerCase());
  return texts.get(change);
}

function isWithin(change, place) {
  for (let at = change.closest('.node'); at; at = at.parentElement.closest('.node')) {
    if (at.dataset.place === place) return true;
  }
  return false;
}

function asked() {
  const place = form.elements.place.value.trim();
  return {
    words: form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean),
    risks: new Set([...form.querySelectorAll('[name=risk]:checked')].map((box) => box.value)),
    kind: form.elements.kind.value,
    place,
    accounts: ranges(places.get(place) ?? ''),
  };
}

function matches(change, { words, risks, kind, place, accounts }) {
  return risks.has(change.dataset.risk)
    && (!kind || change.dataset.kind === kind)
    && (!place || isWithin(change, place) || meet(ranges(change.dataset.accounts), accounts))
    && words.every((word) => textOf(change).includes(word));
}

// A change is shown with all that it lies in.
function show() {
  const filter = asked();
  const shown = new Set();
  let number = 0;
  for (const change of changes) {
    change.hidden = !matches(change, filter);
    if (change.hidden) continue;
    number += 1;
    for (let at = change.closest('.node'); at && !shown.has(at); at = at.parentElement.closest('.node')) shown.add(at);
  }
  const isFiltered = number < changes.length;
  for (const node of nodes) node.hidden = !shown.has(node);
  for (const part of parts) part.hidden = !part.querySelector('.node:not([hidden])');
  for (const fold of folds) fold.open = isFiltered || openAtFirst.has(fold);
  const unknown = filter.place && !places.has(filter.place) && !document.querySelector(`[data-place="${CSS.escape(filter.place)}"]`);
  form.querySelector('output').textContent = unknown
    ? `No account or unit is called ${filter.place}`
    : `${number} of ${changes.length} changes`;
}

// A link to a change opens it, and shows it whatever the filters are.
function follow() {
  const change = document.getElementById(location.hash.slice(1));
  if (!change?.classList.contains('change')) return;
  if (change.hidden) { form.reset(); show(); }
  for (let at = change; at; at = at.parentElement.closest('details')) at.open = true;
  change.scrollIntoView({ block: 'center' });
}

// Filters can be part of the address: `plan.html?risk=destructive&place=ou/Workloads`.
function fill() {
  const given = new URLSearchParams(location.search);
  for (const name of ['words', 'kind', 'place']) form.elements[name].value = given.get(name) ?? '';
  const risks = given.getAll('risk');
  if (risks.length) for (const box of form.querySelectorAll('[name=risk]')) box.checked = risks.includes(box.value);
}

if (form) {
  form.hidden = false;
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(show));
  form.elements.open.addEventListener('click', (event) => {
    const open = event.target.textContent === 'Open all';
    for (const change of changes) if (!change.hidden) change.open = open;
    event.target.textContent = open ? 'Close all' : 'Open all';
  });
  window.addEventListener('hashchange', follow);
  fill();
  show();
  follow();
}
