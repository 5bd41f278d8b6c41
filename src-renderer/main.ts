import { mount } from 'svelte';
import '@fontsource-variable/inter/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './shell/shell.css';
import './ui/panel.css';
import './ui/button.css';
import './ui/field.css';
import './ui/choice.css';
import './ui/range.css';
import './ui/tabs.css';
import './ui/marks.css';
import './ui/lists.css';
import './ui/feedback.css';
import './ui/charts.css';
import AppRoot from './App.svelte';
import { pickClient } from './client/pick-client.ts';
import { App } from './state/app.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app.');

// Language and theme come before the first paint of anything.
const app = new App(pickClient());
await app.start();
mount(AppRoot, { target, props: { app } });
