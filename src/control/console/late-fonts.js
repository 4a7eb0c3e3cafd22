// Chromium remembers how it drew a short text and keeps its empty boxes when the font for it comes later, also when the
// text is set again. Another feature, one that no font has, makes it look anew.
let loads = 0;
document.fonts.addEventListener('loadingdone', () => {
  loads += 1;
  document.body.style.fontFeatureSettings = `"z${loads.toString(36).padStart(3, '0')}"`;
});
