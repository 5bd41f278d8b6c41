import { InferenceSession } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { encodeOnnxModel } from '../../../src-main/network/onnx/onnx-model.ts';
import { floatField, integerField, messageField, textField } from '../../../src-main/network/onnx/protobuf.ts';
import { toOnnx } from '../../../src-main/network/onnx/to-onnx.ts';
import { tinyNetwork, withRandomWeights } from '../../support/tiny-networks.ts';

it('writes the examples of the wire format’s documentation', () => {
  // https://protobuf.dev/programming-guides/encoding: Test1 { a: 150 }, Test2 { b: "testing" }, Test3 { c: { a: 150 } }.
  expect([...integerField(1, 150)]).toEqual([0x08, 0x96, 0x01]);
  expect([...textField(2, 'testing')]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
  expect([...messageField(3, [integerField(1, 150)])]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  expect([...floatField(2, 1.5)]).toEqual([0x15, 0x00, 0x00, 0xc0, 0x3f]);
});

it('writes whole numbers beyond 32 bits, and no others', () => {
  expect([...integerField(1, 2 ** 35)]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
  expect(() => integerField(1, -1)).toThrow(/whole number/);
  expect(() => integerField(1, 0.5)).toThrow(/whole number/);
});

it('writes a model that ONNX Runtime loads, with a batch of any size', async () => {
  const model = withRandomWeights(tinyNetwork({ hasDropout: true }));
  const session = await InferenceSession.create(toOnnx(model));
  expect([...session.inputMetadata, ...session.outputMetadata]).toEqual([
    { name: 'input', isTensor: true, type: 'float32', shape: ['batch', 5, 6, 3] },
    { name: 'output', isTensor: true, type: 'float32', shape: ['batch', 3] },
  ]);
  await session.release();
});

it('gives ONNX Runtime what it needs to refuse a damaged graph', async () => {
  const shape = ['batch', 2] as const;
  const damaged = encodeOnnxModel({
    name: 'damaged',
    nodes: [{ operator: 'Relu', inputs: ['nowhere'], output: 'output' }],
    constants: [],
    inputs: [{ name: 'input', shape }],
    outputs: [{ name: 'output', shape }],
  });
  await expect(InferenceSession.create(damaged)).rejects.toThrow(/nowhere/);
});
