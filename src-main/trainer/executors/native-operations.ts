import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import type { Tensor, TensorFlow } from '../tensorflow.ts';

/** The attribute names that hold element types in TensorFlow's operations. */
type TypeAttribute = 'T' | 'U' | 'Tidx';

/** Attributes of TensorFlow's operations in the binding's form. */
export class OperationAttributes {
  readonly #binding: TFJSBinding;

  constructor(binding: TFJSBinding) {
    this.#binding = binding;
  }

  floatType(name: Exclude<TypeAttribute, 'Tidx'> = 'T'): TFEOpAttr {
    return attribute(name, this.#binding.TF_ATTR_TYPE, this.#binding.TF_FLOAT);
  }

  indexType(): TFEOpAttr {
    return attribute('Tidx', this.#binding.TF_ATTR_TYPE, this.#binding.TF_INT32);
  }

  channelsLast(): TFEOpAttr {
    return this.text('data_format', 'NHWC');
  }

  integers(name: string, value: readonly number[]): TFEOpAttr {
    return attribute(name, this.#binding.TF_ATTR_INT, [...value]);
  }

  text(name: string, value: string): TFEOpAttr {
    return attribute(name, this.#binding.TF_ATTR_STRING, value);
  }

  flag(name: string, value: boolean): TFEOpAttr {
    return attribute(name, this.#binding.TF_ATTR_BOOL, value);
  }

  real(name: string, value: number): TFEOpAttr {
    return attribute(name, this.#binding.TF_ATTR_FLOAT, value);
  }
}

/** The binding reads three properties; its declared class exists only as a type. */
function attribute(name: string, type: number, value: TFEOpAttr['value']): TFEOpAttr {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- see above
  return { name, type, value };
}

/** Int32 tensors for shapes and axes; there are few different ones, so each is made once. */
export class IntegerTensors {
  readonly #tensorFlow: TensorFlow;
  readonly #known = new Map<string, Tensor>();

  constructor(tensorFlow: TensorFlow) {
    this.#tensorFlow = tensorFlow;
  }

  get(values: readonly number[]): Tensor {
    const key = values.join();
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#tensorFlow.tf.tensor1d([...values], 'int32');
    this.#known.set(key, made);
    return made;
  }

  dispose(): void {
    for (const tensor of this.#known.values()) tensor.dispose();
    this.#known.clear();
  }
}
