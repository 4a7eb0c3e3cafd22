// Chromium caches how it drew a short text and keeps its empty boxes when the font arrives later, even when the text is
// set again. A font feature that no font has forces it to draw anew.
let loads = 0;
document.fonts.addEventListener('loadingdone', () => {
  loads += 1;
  document.body.style.fontFeatureSettings = `"z${loads.toString(36).padStart(3, '0')}"`;
});
