import { describe, expect, it } from 'vitest';
import { classicPipeline, createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { seenBox } from '../../../../src-main/services/pipeline/seen-box.ts';
import { backbone, pipelineId } from '../run/run-support.ts';

const { evaluation } = classicPipeline(pipelineId, 'Classic');

describe('what the network sees of a picture', () => {
  it('is the middle square of a wide or a tall one', () => {
    expect(seenBox({ width: 400, height: 200 }, evaluation, backbone)).toEqual([100, 0, 200, 200]);
    expect(seenBox({ width: 224, height: 448 }, evaluation, backbone)).toEqual([0, 112, 224, 224]);
  });

  it('is smaller when the picture is resized to more than is cut out', () => {
    const resize = {
      ...createStep('Resize', 'resize'),
      parameters: { size: 256, interpolation: 'bilinear', max_size: null, antialias: true },
    } as const;
    const [left, top, width, height] = seenBox(
      { width: 512, height: 512 },
      [resize, createStep('CenterCrop', 'crop')],
      backbone,
    );
    expect([left, top, width, height]).toEqual([32, 32, 448, 448]);
  });

  it('is all that crops in the corners are cut from, whatever is done to each of them', () => {
    const crops = [createStep('FiveCrop', 'five'), createStep('CenterCrop', 'crop')];
    expect(seenBox({ width: 400, height: 300 }, crops, backbone)).toEqual([0, 0, 400, 300]);
    expect(seenBox({ width: 400, height: 300 }, [createStep('CenterCrop', 'c'), ...crops], backbone)).toEqual([
      88, 38, 224, 224,
    ]);
  });

  it('ends at the edges of the picture where borders are added', () => {
    expect(
      seenBox({ width: 100, height: 80 }, [createStep('Pad', 'pad'), createStep('CenterCrop', 'crop')], backbone),
    ).toEqual([0, 0, 100, 80]);
  });
});
