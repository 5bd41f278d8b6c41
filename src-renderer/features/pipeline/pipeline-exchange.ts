import { writePipelineFile } from '../../../src-shared/domain/pipeline/pipeline-text.ts';
import { writePython, type NamedBackbone } from '../../../src-shared/domain/pipeline/python/write-python.ts';
import type { App } from '../../state/app.svelte.ts';
import type { PipelineEditor } from '../../state/pipeline-editor.svelte.ts';
import type { MenuItem } from '../../ui/menu-item.ts';
import { saveText } from '../../actions/save-text.ts';

/** The entries that hand a pipeline out, as text or as a file. */
export function exportItems(app: App, editor: PipelineEditor, backbone: NamedBackbone): readonly MenuItem[] {
  const { t } = app.i18n;
  const python = (): string => writePython(editor.pipeline, backbone);
  const { id } = editor.pipeline;
  return [
    { id: 'copy-python', title: t('pipeline.copyPython'), run: () => void copy(app, python()) },
    {
      id: 'export-json',
      title: t('pipeline.exportJson'),
      run: () => saveText(`${id}.json`, writePipelineFile(editor.pipeline)),
    },
    { id: 'export-python', title: t('pipeline.exportPython'), run: () => saveText(`${id}.py`, python()) },
  ];
}

async function copy(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.toasts.show(app.i18n.t('pipeline.copied'));
  } catch {
    // A browser may refuse the clipboard; the exported file has the same text.
    app.toasts.show(app.i18n.t('pipeline.pythonCopyFailed'), { tone: 'bad' });
  }
}
