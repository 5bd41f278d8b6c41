import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { readLayersModel, type WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { backboneRecordSchema, type BackboneName, type BackboneRecord } from '../../src-shared/domain/backbone.ts';

const assets = path.join(import.meta.dirname, '../../assets/backbones');
export const backboneFixtures = path.join(import.meta.dirname, '../fixtures/backbones');

/** A backbone as Graft ships it, with its weights. */
export async function readBackbone(
  name: BackboneName,
): Promise<{ readonly record: BackboneRecord; readonly model: WeightedNetwork }> {
  const folder = path.join(assets, name);
  const record = v.parse(backboneRecordSchema, JSON.parse(await readFile(path.join(folder, 'backbone.json'), 'utf8')));
  const modelJson = await readFile(path.join(folder, 'model.json'), 'utf8');
  return {
    record,
    model: readLayersModel({ modelJson, weightsBin: await readFile(path.join(folder, 'weights.bin')) }),
  };
}

/** A photo of the fixtures, which has the backbone's size already, as the backbone wants to see it. */
export async function readPhoto(record: BackboneRecord, fileName: string): Promise<Float32Array> {
  const pixels = await sharp(path.join(backboneFixtures, fileName)).removeAlpha().raw().toBuffer();
  return Float32Array.from(pixels, (value, index) => {
    const channel = index % 3;
    return (value / 255 - (record.mean[channel] ?? NaN)) / (record.std[channel] ?? NaN);
  });
}
