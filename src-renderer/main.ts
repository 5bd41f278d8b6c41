import { mount } from 'svelte';
import './ui/tokens.css';
import './ui/base.css';
import './ui/layout.css';
import './ui/controls.css';
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
