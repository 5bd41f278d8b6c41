import { encodeOnnxModel } from './onnx-model.ts';

/** What goes into and comes out of the model of scalar products. */
export const productPorts = { rows: 'rows', points: 'points', products: 'products' } as const;

/** rows · pointsᵀ: the scalar product of each row with each point. */
export function productsModel({
  pointCount,
  length,
}: {
  readonly pointCount: number;
  readonly length: number;
}): Uint8Array {
  const { rows, points, products } = productPorts;
  return encodeOnnxModel({
    name: 'products',
    nodes: [{ operator: 'Gemm', inputs: [rows, points], output: products, attributes: { transB: 1 } }],
    constants: [],
    inputs: [
      { name: rows, shape: ['batch', length] },
      { name: points, shape: [pointCount, length] },
    ],
    outputs: [{ name: products, shape: ['batch', pointCount] }],
  });
}
