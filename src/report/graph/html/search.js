const folds = [...document.querySelectorAll('details')];
const openAtFirst = new Set(folds.filter((fold) => fold.open));
const places = folds.filter((fold) => fold.classList.contains('place'));
const counted = document.querySelector('output');

// What a place is called and what is attached to it, without what is in it or holds from above.
const own = (place) => [...place.children].filter((child) => child.tagName !== 'DETAILS');
const texts = new Map(places.map((place) => [place, own(place).map((child) => child.textContent).join(' ').toLowerCase()]));

// A place is shown with all that it lies in.
function shownWith(matches) {
  const shown = new Set();
  for (const match of matches) {
    for (let at = match; at && !shown.has(at); at = at.parentElement.closest('details')) shown.add(at);
  }
  return shown;
}

function showAll() {
  for (const fold of folds) {
    fold.hidden = false;
    fold.open = openAtFirst.has(fold);
  }
  counted.textContent = '';
}

// What holds from above stays with each place that is shown, and is open where the place matches.
function showOnly(words) {
  const matches = new Set(places.filter((place) => words.every((word) => texts.get(place).includes(word))));
  const shown = shownWith(matches);
  for (const fold of folds) {
    const isAbove = fold.classList.contains('above');
    fold.hidden = !shown.has(isAbove ? fold.parentElement : fold);
    fold.open = isAbove ? matches.has(fold.parentElement) : !fold.hidden;
  }
  counted.textContent = `${matches.size} found`;
}

function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) showOnly(words);
  else showAll();
}

const input = document.querySelector('input');
input.addEventListener('input', () => find(input.value));
// What to find can be part of the address: `organization.html?find=prod`.
input.value = new URLSearchParams(location.search).get('find') ?? '';
if (input.value) find(input.value);
