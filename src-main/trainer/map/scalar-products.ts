import { productPorts, productsModel } from '../../network/onnx/products-to-onnx.ts';
import type { OnnxRuntime } from '../onnx-runtime.ts';

/** Scalar products with points that stay the same: nearly all that finding neighbours costs. */
export interface ScalarProducts {
  /** Numbers a row. */
  readonly length: number;
  /** Row-major [count, points]; `rows` is row-major [count, length]. */
  of(rows: Float32Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** `points` is row-major. On ONNX Runtime where it is there, else in plain JavaScript, some thirty times slower. */
export async function openScalarProducts(
  onnx: OnnxRuntime | null,
  points: Float32Array,
  { length, threadCount }: { readonly length: number; readonly threadCount: number },
): Promise<ScalarProducts> {
  const pointCount = points.length / length;
  if (!onnx) return plainProducts(points, length);
  const { InferenceSession: Session, Tensor } = onnx.ort;
  const session = await Session.create(productsModel({ pointCount, length }), {
    ...{ intraOpNumThreads: threadCount, interOpNumThreads: 1, logSeverityLevel: 3, enableCpuMemArena: false },
  });
  const fixed = new Tensor('float32', points, [pointCount, length]);
  return {
    length,
    async of(rows, count) {
      const outputs = await session.run({
        [productPorts.rows]: new Tensor('float32', rows, [count, length]),
        [productPorts.points]: fixed,
      });
      const data = outputs[productPorts.products]?.data;
      if (!(data instanceof Float32Array)) throw new Error('ONNX Runtime gave no products');
      return data;
    },
    dispose: () => session.release(),
  };
}

/** The same in plain JavaScript. */
function plainProducts(points: Float32Array, length: number): ScalarProducts {
  const pointCount = points.length / length;
  return {
    length,
    of(rows, count) {
      const products = new Float32Array(count * pointCount);
      for (let row = 0; row < count; row += 1) {
        for (let point = 0; point < pointCount; point += 1) {
          let sum = 0;
          for (let at = 0; at < length; at += 1) sum += rows[row * length + at]! * points[point * length + at]!;
          products[row * pointCount + point] = sum;
        }
      }
      return Promise.resolve(products);
    },
    dispose: () => Promise.resolve(),
  };
}
