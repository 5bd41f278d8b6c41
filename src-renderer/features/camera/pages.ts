import type { Page } from '../../shell/page.ts';
import CameraPage from './CameraPage.svelte';

export const cameraPages: readonly Page[] = [
  { path: 'images/camera', component: CameraPage, section: 'images', title: 'camera.camera' },
];
