import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { qualityContract } from '../../../src-shared/contract/quality.contract.ts';
import type { QualityService } from './quality-service.ts';

const done = { done: true } as const;

/** Answers the quality commands. */
export function createQualityHandlers(quality: QualityService): Handlers<keyof typeof qualityContract> {
  return {
    'quality.get': ({ projectId }) => quality.read(projectId),
    'quality.checkImages': async ({ projectId, check }) => ({
      imageIds: [...(await quality.checkImages(projectId, check))],
    }),
    'quality.groups': ({ projectId, kind, only }) => quality.groups(projectId, kind, only),
    'quality.setRules': ({ projectId, rules }) => {
      quality.setRules(projectId, rules);
      return done;
    },
    'quality.previewRules': ({ projectId, rules }) => quality.previewRules(projectId, rules),
    'quality.previewShareOut': ({ projectId, ratios }) => quality.previewShareOut(projectId, ratios),
    'quality.mendLeaks': ({ projectId }) => quality.mendLeaks(projectId),
    'quality.keepCopies': ({ projectId, imageIds, isKept }) => {
      quality.keepCopies(projectId, imageIds, isKept);
      return done;
    },
    'quality.scan': ({ projectId, what }) => quality.scan(projectId, what),
    'quality.freezeTest': ({ projectId }) => quality.freezeTest(projectId),
    'quality.unfreezeTest': ({ projectId }) => {
      quality.unfreezeTest(projectId);
      return done;
    },
    'quality.getFrozenTest': ({ projectId }) => ({ frozenTest: quality.frozenTest(projectId) }),
    'quality.checkFiles': ({ projectId, what }) => quality.checkFiles(projectId, what),
    'quality.leaveOut': ({ projectId, imageIds, isLeftOut }) => {
      quality.leaveOut(projectId, imageIds, isLeftOut);
      return done;
    },
  };
}
