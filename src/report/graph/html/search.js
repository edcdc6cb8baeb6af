const places = [...document.querySelectorAll('.place')];
const own = (place) => [...place.children].filter((child) => child.tagName !== 'DETAILS');
const texts = new Map(places.map((place) => [place, own(place).map((child) => child.textContent).join(' ').toLowerCase()]));
document.querySelector('input').addEventListener('input', (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set();
  let number = 0;
  for (const place of places) {
    if (!words.every((word) => texts.get(place).includes(word))) continue;
    number += 1;
    for (let at = place; at; at = at.parentElement.closest('details')) {
      found.add(at);
      if (words.length) at.open = true;
    }
  }
  for (const place of document.querySelectorAll('details')) place.hidden = words.length > 0 && !found.has(place);
  document.querySelector('output').textContent = words.length ? `${number} found` : '';
});
