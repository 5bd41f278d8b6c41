import type { Page } from '../../shell/page.ts';
import SuggestionsPage from './SuggestionsPage.svelte';
import SuspectsPage from './SuspectsPage.svelte';

export const suggestionPages: readonly Page[] = [
  { path: 'images/suggestions', component: SuggestionsPage, section: 'images', title: 'suggest.title' },
  { path: 'images/suspects', component: SuspectsPage, section: 'images', title: 'suggest.suspects' },
];
