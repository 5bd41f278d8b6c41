import { bytesField, floatField, integerField, join, messageField, textField } from './protobuf.ts';

// The part of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 that a frozen network needs, field numbers as there.

/** What an operator is told besides its tensors. */
export type OnnxAttribute = number | { readonly float: number } | readonly number[];

/** One operator of the graph; tensors are named by what makes them. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant of the graph: float32, row-major. */
export interface OnnxConstant {
  readonly name: string;
  /** Empty for a single number. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An input or output: float32; the axis `batch` is of any length. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly (number | 'batch')[];
}

/** A whole model. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** The operator set of the ONNX standard that graphs are written for; every runtime since 2022 knows it. */
const operatorSetVersion = 17;
/** The file format that belongs to it. */
const irVersion = 8;
const floatType = 1;
const attributeTypes = { float: 1, integer: 2, integers: 7 } as const;

/** The bytes of an .onnx file. */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  return join([
    integerField(1, irVersion),
    textField(2, 'Graft'),
    messageField(7, encodeGraph(graph)),
    messageField(8, [integerField(2, operatorSetVersion)]),
  ]);
}

function encodeGraph({ name, nodes, constants, inputs, outputs }: OnnxGraph): readonly Uint8Array[] {
  return [
    ...nodes.map((node) => messageField(1, encodeNode(node))),
    textField(2, name),
    ...constants.map((constant) => messageField(5, encodeConstant(constant))),
    ...inputs.map((input) => messageField(11, encodePort(input))),
    ...outputs.map((output) => messageField(12, encodePort(output))),
  ];
}

function encodeNode({ operator, inputs, output, attributes = {} }: OnnxNode): readonly Uint8Array[] {
  return [
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => messageField(5, [textField(1, name), ...encodeValue(value)])),
  ];
}

function encodeValue(value: OnnxAttribute): readonly Uint8Array[] {
  if (typeof value === 'number') return [integerField(3, value), integerField(20, attributeTypes.integer)];
  if ('float' in value) return [floatField(2, value.float), integerField(20, attributeTypes.float)];
  return [...value.map((item) => integerField(8, item)), integerField(20, attributeTypes.integers)];
}

function encodeConstant({ name, shape, values }: OnnxConstant): readonly Uint8Array[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return [
    ...shape.map((extent) => integerField(1, extent)),
    integerField(2, floatType),
    textField(8, name),
    bytesField(9, bytes),
  ];
}

function encodePort({ name, shape }: OnnxPort): readonly Uint8Array[] {
  const axes = shape.map((extent) =>
    messageField(1, [extent === 'batch' ? textField(2, extent) : integerField(1, extent)]),
  );
  const tensor = messageField(1, [integerField(1, floatType), messageField(2, axes)]);
  return [textField(1, name), messageField(2, [tensor])];
}
