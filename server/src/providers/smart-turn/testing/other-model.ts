import { writeModelFile, type WrittenFile } from '../../../../fixtures/onnx/model-folder.ts';
import { createOnnxBuilder } from '../../../../fixtures/onnx/onnx-builder.ts';

/** Writes a model that is sound, and answers with a number a frame instead of one. */
export function makeOtherModel(folder: string): Promise<WrittenFile> {
  const graph = createOnnxBuilder({ seed: 3 });
  graph.input('input_features', 'float', ['batch', 80, 800]);
  graph.node('ReduceMean', ['input_features'], { axes: [1], keepdims: 0 }, 'frames');
  graph.output('frames', 'float', ['batch', 800]);
  return writeModelFile(folder, 'other.onnx', graph.encode());
}
