import type { Page } from '../../shell/page.ts';
import PipelinePage from './PipelinePage.svelte';

export const pipelinePages: readonly Page[] = [
  { path: 'pipelines', component: PipelinePage, section: 'pipelines', thing: 'pipeline' },
];
