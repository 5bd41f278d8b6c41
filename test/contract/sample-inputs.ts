import * as v from 'valibot';
import type { CommandInput, CommandName } from '../../src-shared/contract/contract.ts';
import { commands } from '../../src-shared/contract/contract.ts';
import { defaultSplitRules } from '../../src-shared/domain/quality.ts';
import { defaultRecipe } from '../../src-shared/domain/recipe/recipe.ts';
import { classicPipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { pipelineIdSchema } from '../../src-shared/domain/ids.ts';

const projectId = 'project-0001';
const imageId = 'ab'.repeat(32);
const runId = 'run-1-abcd';
const folder = 'folder-0123456789';
const jobId = 'job-0001';
const pipelineId = v.parse(pipelineIdSchema, 'classic');
const pipeline = classicPipeline(pipelineId, 'Classic');

/** One input for each command that its contract accepts; it names nothing that exists. */
const inputs: Readonly<Record<CommandName, Readonly<Record<string, unknown>>>> = {
  'project.list': {},
  'project.create': { name: 'Chairs', parent: null },
  'project.open': { projectId },
  'project.openFolder': { folder },
  'project.openSample': { sample: 'fluent-emoji' },
  'project.rename': { projectId, name: 'Chairs' },
  'project.forget': { projectId },
  'project.describeCache': { projectId },
  'project.clearCache': { projectId },
  'snapshot.list': { projectId },
  'snapshot.take': { projectId },
  'snapshot.restore': { projectId, snapshotId: '20260304-050607-abcd' },
  'dataset.get': { projectId },
  'dataset.setLabel': { projectId, imageIds: [imageId], classId: null },
  'dataset.addClass': { projectId, name: 'Stool' },
  'dataset.renameClass': { projectId, classId: 'stool', name: 'Stool' },
  'dataset.deleteClass': { projectId, classId: 'stool' },
  'dataset.shareOut': { projectId, ratios: { validation: 0.1, test: 0.1, seed: 1 } },
  'dataset.undo': { projectId },
  'dataset.redo': { projectId },
  'quality.get': { projectId },
  'quality.checkImages': { projectId, check: 'dark' },
  'quality.groups': { projectId, kind: null, only: 'all' },
  'quality.setRules': { projectId, rules: defaultSplitRules },
  'quality.previewRules': { projectId, rules: defaultSplitRules },
  'quality.previewShareOut': { projectId, ratios: { validation: 0.1, test: 0.1, seed: 1 } },
  'quality.mendLeaks': { projectId },
  'quality.keepCopies': { projectId, imageIds: [imageId], isKept: true },
  'quality.scan': { projectId, what: 'start' },
  'quality.freezeTest': { projectId },
  'quality.unfreezeTest': { projectId },
  'quality.getFrozenTest': { projectId },
  'quality.checkFiles': { projectId, what: 'start' },
  'quality.leaveOut': { projectId, imageIds: [imageId], isLeftOut: true },
  'import.start': { projectId, sources: [folder], ratios: null },
  'import.startUpload': { projectId, batch: 'batch-0123456789', name: 'Dropped' },
  'import.list': { projectId },
  'import.listSkipped': { projectId, jobId, offset: 0, limit: 100, search: '', reason: null },
  'import.pause': { projectId, jobId },
  'import.resume': { projectId, jobId },
  'import.cancel': { projectId, jobId },
  'folder.list': { folder: null },
  'folder.find': { path: '/nowhere' },
  'pipeline.list': { projectId },
  'pipeline.save': { projectId, pipeline },
  'pipeline.create': { projectId, name: 'Strong', from: { type: 'preset', preset: 'strong' } },
  'pipeline.delete': { projectId, pipelineId },
  'pipeline.preview': {
    projectId,
    pipeline,
    part: 'training',
    backbone: 'efficientnet-lite0',
    imageId,
    seed: 1,
  },
  'pipeline.samples': {
    projectId,
    pipeline,
    part: 'training',
    backbone: 'efficientnet-lite0',
    imageIds: [imageId, imageId],
    seed: 1,
  },
  'pipeline.hints': { projectId, evaluation: pipeline.evaluation, backbone: 'efficientnet-lite0' },
  'backbone.list': {},
  'backbone.import': {
    folder: '0123456789abcdef0123456789abcdef',
    title: 'Mine',
    scaling: 'tf',
    inputSize: null,
    endLayer: null,
    licence: 'Apache-2.0',
    origin: null,
  },
  'backbone.inspect': { folder },
  'backbone.remove': { backbone: 'mine-0123456789ab' },
  'run.start': { projectId, recipe: defaultRecipe('feature-extraction', pipelineId) },
  'run.resume': { projectId, runId },
  'run.extend': { projectId, runId, epochs: 2 },
  'run.list': { projectId },
  'run.curves': { projectId },
  'run.get': { projectId, runId },
  'run.cancel': { projectId, runId },
  'run.rename': { projectId, runId, name: 'First' },
  'run.evaluate': { projectId, runId, split: null },
  'run.cancelEvaluation': { projectId, runId },
  'run.wrongInEvery': { projectId },
  'run.compare': { projectId, a: runId, b: runId },
  'run.predict': { projectId, runId, source: { kind: 'image', imageId } },
  'probe.findLearningRate': { projectId, recipe: defaultRecipe('feature-extraction', pipelineId) },
  'probe.estimate': { projectId, recipe: defaultRecipe('feature-extraction', pipelineId) },
  'probe.checkSafety': { projectId, runId, pipeline },
  'probe.cancel': { jobId },
  'features.get': { projectId },
  'features.start': { projectId, backbone: null },
  'features.pause': { projectId },
  'export.start': { projectId, runId, format: 'tfjs' },
  'export.cancel': { jobId },
  'export.list': { projectId },
  'settings.get': {},
  'settings.set': { language: 'en', theme: 'dark' },
  'runtime.describe': {},
  'runtime.measureCache': {},
  'runtime.install': { device: 'cpu' },
  'runtime.cancel': {},
  'host.describe': {},
  'host.pickFolder': { purpose: 'import' },
  'host.pickSources': { kind: 'files' },
  'host.revealExport': { projectId, exportId: 'export-1' },
};

/** An input that the command's contract accepts. */
export function sampleInput<N extends CommandName>(name: N): CommandInput<N> {
  return v.parse(commands[name].input, inputs[name]);
}
