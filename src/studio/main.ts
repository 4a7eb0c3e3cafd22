import './fonts.css';
import './tokens.css';
import './studio.css';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { followLinks } from './app/router.svelte';
import { restoreTheme } from './app/theme.svelte';
import { preferredLanguage, setLanguage } from './messages/index.svelte';

restoreTheme();
followLinks();
await setLanguage(preferredLanguage());
const target = document.getElementById('app');
if (target === null) throw new Error('The page has no #app');
mount(App, { target });
